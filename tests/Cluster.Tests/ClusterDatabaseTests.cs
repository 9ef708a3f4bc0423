using SelfPlayArena.Testing;

namespace SelfPlayArena.Cluster.Tests;

[Collection(OneServer.Name)]
public sealed class ClusterDatabaseTests(Server server)
{
    [PostgresFact]
    public void Tables_are_made_once_however_often_and_by_however_many()
    {
        var address = ClusterAddress.Parse(server.Postgres.Address(server.Postgres.NewDatabase()));
        int[] before = [.. ParallelEnumerable.Range(0, 4).WithDegreeOfParallelism(4).Select(_ => ClusterSchema.Init(address))];
        Assert.Equal(1, before.Count(b => b == 0));
        Assert.Equal(3, before.Count(b => b == ClusterSchema.Version));
        using (ClusterDatabase database = ClusterDatabase.Open(address))
        using (PostgresEventLog log = Server.Log(database))
            log.Append(0, [Server.Event(0)]);
        string secret;
        using (ClusterDatabase database = ClusterDatabase.Open(address))
            secret = database.ReadStreamSecret();
        Assert.Equal(ClusterSchema.Version, ClusterSchema.Init(address));
        using ClusterDatabase again = ClusterDatabase.Open(address);
        Assert.Equal((64, secret), (secret.Length, again.ReadStreamSecret()));
        Assert.Single(PostgresEventLog.Read(again, "run"));
    }

    [PostgresFact]
    public void Without_tables_or_with_older_or_newer_ones_it_says_what_to_do()
    {
        string name = server.Postgres.NewDatabase();
        var address = ClusterAddress.Parse(server.Postgres.Address(name));
        Assert.Contains("arena cluster init", Refusal(address), StringComparison.Ordinal);
        ClusterSchema.Init(address);
        server.Postgres.Query(name, "INSERT INTO arena.schema_version VALUES (99)");
        Assert.Contains("version 99", Refusal(address), StringComparison.Ordinal);
        Assert.Contains("newer program", Assert.Throws<ClusterException>(() => ClusterSchema.Init(address)).Message, StringComparison.Ordinal);
        server.Postgres.Query(name, "TRUNCATE arena.schema_version; INSERT INTO arena.schema_version VALUES (0)");
        Assert.Contains("arena cluster init", Refusal(address), StringComparison.Ordinal);
    }

    [PostgresFact]
    public void A_script_that_fails_leaves_nothing_behind()
    {
        string name = server.Postgres.NewDatabase();
        var address = ClusterAddress.Parse(server.Postgres.Address(name));
        var scripts = new Dictionary<int, string> { [1] = "CREATE TABLE arena.good (a int)", [2] = "CREATE TABLE arena.bad (a nonsense)" };
        Assert.Throws<ClusterException>(() => ClusterSchema.Init(address, scripts));
        Assert.Equal("f", server.Postgres.Query(name, "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'arena')"));
    }

    [PostgresFact]
    public void A_wrong_password_no_database_and_no_server_are_told_apart_and_no_password_is_shown()
    {
        string name = server.Postgres.NewDatabase();
        string wrong = Refusal(ClusterAddress.Parse(server.Postgres.Address(name, "open sesame")));
        Assert.Contains("password", wrong, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", wrong, StringComparison.Ordinal);
        Assert.Contains("password", Refusal(ClusterAddress.Parse(server.Postgres.Address(name, null))), StringComparison.Ordinal);
        Assert.Contains("createdb nowhere", Refusal(ClusterAddress.Parse(server.Postgres.Address("nowhere"))), StringComparison.Ordinal);
        string silent = Refusal(ClusterAddress.Parse("postgres://arena:secret@127.0.0.1:1/x"));
        Assert.Contains("no server answers", silent, StringComparison.Ordinal);
        Assert.True(Assert.ThrowsAny<ClusterException>(() => ClusterDatabase.Open(ClusterAddress.Parse("postgres://arena@127.0.0.1:1/x"))).MayPass);
        Assert.False(Assert.ThrowsAny<ClusterException>(() => ClusterDatabase.Open(ClusterAddress.Parse(server.Postgres.Address("nowhere")))).MayPass);
        Assert.DoesNotContain("secret", silent, StringComparison.Ordinal);
    }

    [PostgresFact]
    public void Nothing_acknowledged_is_lost_when_the_server_crashes_and_the_holder_goes_on_afterwards()
    {
        using var own = new PrivatePostgres();
        var address = ClusterAddress.Parse(own.Address(own.NewDatabase()));
        ClusterSchema.Init(address);
        using ClusterDatabase database = ClusterDatabase.Open(address);
        using PostgresEventLog log = Server.Log(database);
        int written = 0;
        var crashed = new ManualResetEventSlim();
        var writer = new Thread(() =>
        {
            while (!crashed.IsSet || written % 100 != 0)
                log.Append(written, [Server.Event(written++)]);
        });
        writer.Start();
        SpinWait.SpinUntil(() => Volatile.Read(ref written) > 50);
        own.Crash();
        own.Start();
        int after = Volatile.Read(ref written);
        SpinWait.SpinUntil(() => Volatile.Read(ref written) > after + 50 || !writer.IsAlive);
        crashed.Set();
        writer.Join();
        Assert.Equal(Enumerable.Range(0, written).Select(Server.Event), PostgresEventLog.Read(database, "run"));
    }

    [PostgresFact]
    public void Files_come_back_as_they_were_and_only_whole()
    {
        using ClusterDatabase database = server.Cluster();
        using (Server.Log(database))
        {
        }
        string folder = Directory.CreateTempSubdirectory("arena-files-").FullName;
        try
        {
            var files = new RunFiles(database, "run");
            string file = Path.Combine(folder, "a");
            byte[] content = new byte[(5 << 20) / 2];
            new Random(1).NextBytes(content);
            File.WriteAllBytes(file, [1]);
            files.Keep("checkpoint", file);
            File.WriteAllBytes(file, content);
            files.Keep("checkpoint", file);
            File.WriteAllBytes(file, []);
            files.Keep("policies/empty", file);
            Assert.Equal([("checkpoint", content.Length), ("policies/empty", 0L)], files.List().Select(f => (f.Path, f.Bytes)));
            string back = Path.Combine(folder, "new/folder/b");
            Assert.True(files.Fetch("checkpoint", back));
            Assert.Equal(content, File.ReadAllBytes(back));
            Assert.True(files.Fetch("policies/empty", back));
            Assert.Empty(File.ReadAllBytes(back));
            Assert.False(files.Fetch("nothing", back));
            server.Postgres.Query(database.Address.Database, "UPDATE arena.file_part SET content = '\\x00' WHERE part = 1");
            Assert.Throws<InvalidDataException>(() => files.Fetch("checkpoint", back));
            Assert.Empty(File.ReadAllBytes(back));
            foreach (string name in new[] { "../x", "/etc/passwd", "a/../../x", "", "a//b", "a\\b" })
                Assert.Throws<InvalidDataException>(() => files.Fetch(name, back));
            files.Forget(["checkpoint"]);
            Assert.Equal("0", server.Postgres.Query(database.Address.Database, "SELECT count(*) FROM arena.file_part"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Refusal(ClusterAddress address) => Assert.ThrowsAny<ClusterException>(() => ClusterDatabase.Open(address)).Message;
}
