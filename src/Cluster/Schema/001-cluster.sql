-- Runs, and the one truth about each: its league's events. A run's row is locked by whoever appends, so that positions have no gaps.
CREATE TABLE arena.run (
    name text PRIMARY KEY,
    next_position bigint NOT NULL DEFAULT 0 CHECK (next_position >= 0),
    -- Grows with each process that takes hold of the log; whoever holds an older number can no longer write.
    holder bigint NOT NULL DEFAULT 0,
    held_by text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now()
);

-- line: the event as in a file log (version, position, checksum, event).
CREATE TABLE arena.event (
    run text NOT NULL REFERENCES arena.run,
    position bigint NOT NULL,
    line text NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (run, position)
);

-- Files of a run that must outlive the machine they were written on: settings, checkpoints, bundles. In parts, so that none is huge.
CREATE TABLE arena.file (
    run text NOT NULL REFERENCES arena.run,
    path text NOT NULL,
    bytes bigint NOT NULL,
    sha256 bytea NOT NULL,
    kept_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (run, path)
);
CREATE TABLE arena.file_part (
    run text NOT NULL,
    path text NOT NULL,
    part integer NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (run, path, part),
    FOREIGN KEY (run, path) REFERENCES arena.file ON DELETE CASCADE
);
ALTER TABLE arena.file_part ALTER COLUMN content SET STORAGE EXTERNAL;

-- Who is in a cluster, as its silos agree. Each change is one step of the cluster's version.
CREATE TABLE arena.membership (
    cluster text PRIMARY KEY,
    version integer NOT NULL
);
CREATE TABLE arena.member (
    cluster text NOT NULL REFERENCES arena.membership ON DELETE CASCADE,
    silo text NOT NULL,
    row_version bigint NOT NULL,
    alive_at timestamptz NOT NULL,
    entry jsonb NOT NULL,
    PRIMARY KEY (cluster, silo)
);

-- What grains remember.
CREATE TABLE arena.grain_state (
    service text NOT NULL,
    grain text NOT NULL,
    state text NOT NULL,
    row_version bigint NOT NULL,
    content bytea NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (service, grain, state)
);

-- What silos say of themselves, for people; nothing is decided by it.
CREATE TABLE arena.silo_report (
    cluster text NOT NULL,
    silo text NOT NULL,
    started_at timestamptz NOT NULL,
    reported_at timestamptz NOT NULL DEFAULT now(),
    report jsonb NOT NULL,
    PRIMARY KEY (cluster, silo)
);

-- By which silos know each other on the learner's stream. Made with the tables; whoever may read this database is one of the cluster.
CREATE TABLE arena.secret (
    name text PRIMARY KEY,
    value text NOT NULL
);
