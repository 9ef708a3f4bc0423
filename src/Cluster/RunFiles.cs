using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;
using SelfPlayArena.Core;

namespace SelfPlayArena.Cluster;

/// <summary>A file that a cluster keeps of a run.</summary>
/// <param name="Path">Relative to the run's folder, with forward slashes.</param>
public sealed record KeptFile(string Path, long Bytes, DateTimeOffset KeptAt);

/// <summary>The files of one run that a cluster's database keeps, so that the run can go on where its machine is not. Thread-safe.</summary>
public sealed class RunFiles(ClusterDatabase database, string run)
{
    private const int PartBytes = 1 << 20;

    /// <summary>Keeps a file under a name, in place of what was there; it is durable on return.</summary>
    /// <exception cref="ClusterException">The run is not there, or the database cannot be used.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void Keep(string path, string file)
    {
        CheckName(path);
        using FileStream stream = File.OpenRead(file);
        byte[] hash = SHA256.HashData(stream);
        database.Use(connection =>
        {
            // Here, because a connection that breaks has it done once more.
            stream.Position = 0;
            using NpgsqlTransaction transaction = connection.BeginTransaction();
            using (var replace = new NpgsqlCommand("DELETE FROM arena.file WHERE run = $1 AND path = $2", connection) { Parameters = { new() { Value = run }, new() { Value = path } } })
                replace.ExecuteNonQuery();
            using (var add = new NpgsqlCommand("INSERT INTO arena.file (run, path, bytes, sha256) VALUES ($1, $2, $3, $4)", connection)
            { Parameters = { new() { Value = run }, new() { Value = path }, new() { Value = stream.Length }, new() { Value = hash } } })
                add.ExecuteNonQuery();
            using (NpgsqlBinaryImporter parts = connection.BeginBinaryImport("COPY arena.file_part (run, path, part, content) FROM STDIN (FORMAT BINARY)"))
            {
                var buffer = new byte[PartBytes];
                for (int part = 0; ; part++)
                {
                    int read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
                    if (read == 0)
                        break;
                    parts.StartRow();
                    parts.Write(run, NpgsqlDbType.Text);
                    parts.Write(path, NpgsqlDbType.Text);
                    parts.Write(part, NpgsqlDbType.Integer);
                    parts.Write(buffer.AsMemory(0, read), NpgsqlDbType.Bytea);
                }
                parts.Complete();
            }
            transaction.Commit();
            return 0;
        });
    }

    /// <summary>Writes a kept file to the disk, whole or not at all; false if there is none of that name.</summary>
    /// <exception cref="InvalidDataException">What is kept is damaged.</exception>
    public bool Fetch(string path, string file)
    {
        CheckName(path);
        return database.Use(connection =>
        {
            // One snapshot for both: a file that is replaced meanwhile is read as it was.
            using NpgsqlTransaction transaction = connection.BeginTransaction(System.Data.IsolationLevel.RepeatableRead);
            byte[]? hash;
            using (var find = new NpgsqlCommand("SELECT sha256 FROM arena.file WHERE run = $1 AND path = $2", connection) { Parameters = { new() { Value = run }, new() { Value = path } } })
                hash = (byte[]?)find.ExecuteScalar();
            if (hash is null)
                return false;
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            AtomicFile.Write(file, stream =>
            {
                using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                using var parts = new NpgsqlCommand("SELECT content FROM arena.file_part WHERE run = $1 AND path = $2 ORDER BY part", connection) { Parameters = { new() { Value = run }, new() { Value = path } } };
                using NpgsqlDataReader reader = parts.ExecuteReader();
                while (reader.Read())
                {
                    byte[] content = reader.GetFieldValue<byte[]>(0);
                    all.AppendData(content);
                    stream.Write(content);
                }
                if (!all.GetHashAndReset().AsSpan().SequenceEqual(hash))
                    throw new InvalidDataException($"{path} of run '{run}' in {database.Address} is damaged: its checksum does not fit its content");
            });
            return true;
        });
    }

    /// <summary>What is kept, by name.</summary>
    public IReadOnlyList<KeptFile> List() => database.Use(connection =>
    {
        using var list = new NpgsqlCommand("SELECT path, bytes, kept_at FROM arena.file WHERE run = $1 ORDER BY path COLLATE \"C\"", connection) { Parameters = { new() { Value = run } } };
        using NpgsqlDataReader reader = list.ExecuteReader();
        var files = new List<KeptFile>();
        while (reader.Read())
            files.Add(new KeptFile(reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<DateTimeOffset>(2)));
        return files;
    });

    /// <summary>Keeps them no longer.</summary>
    public void Forget(IReadOnlyCollection<string> paths) => database.Use(connection =>
    {
        using var forget = new NpgsqlCommand("DELETE FROM arena.file WHERE run = $1 AND path = ANY ($2)", connection) { Parameters = { new() { Value = run }, new() { Value = paths.ToArray() } } };
        return forget.ExecuteNonQuery();
    });

    /// <summary>Names come from the database: none may lead out of the run's folder.</summary>
    private static void CheckName(string path)
    {
        if (path.Length == 0 || Path.IsPathRooted(path) || path.Contains('\\', StringComparison.Ordinal) || path.Split('/').Any(p => p is "" or "." or ".."))
            throw new InvalidDataException($"'{path}' is no name of a file in a run's folder");
    }
}
