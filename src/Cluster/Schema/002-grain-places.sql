-- On which silo each grain lives, so that no silo's end makes the others forget where theirs are.
CREATE TABLE arena.grain_place (
    cluster text NOT NULL,
    grain text NOT NULL,
    activation text NOT NULL,
    silo text NOT NULL,
    address jsonb NOT NULL,
    PRIMARY KEY (cluster, grain)
);
CREATE INDEX ON arena.grain_place (cluster, silo);
