using System.CommandLine;
using SelfPlayArena.Cluster;
using Spectre.Console;

namespace SelfPlayArena.Cli.Verbs;

/// <summary><c>arena cluster</c>: makes a cluster's tables and shows how it fares.</summary>
internal static class ClusterVerb
{
    public static Command Create() => new Command("cluster", "Prepare a cluster's database, and look at the cluster.") { Init(), Status() }
        .WithExample("arena cluster init --cluster postgres://arena@db.example/arena", "arena cluster status");

    private static Command Init()
    {
        var cluster = new ClusterOptions();
        var command = new Command("init", "Make a cluster's tables in a PostgreSQL database, or bring older ones up to date. May be done again.");
        cluster.AddTo(command, named: false);
        command.SetAction(parsed =>
        {
            ClusterAddress address = cluster.Read(parsed);
            int before = ClusterSchema.Init(address);
            parsed.InvocationConfiguration.Output.WriteLine(before == 0 ? $"{address} has a cluster's tables now, version {Numbers.Text(ClusterSchema.Version)}"
                : before == ClusterSchema.Version ? $"{address} has a cluster's tables already, version {Numbers.Text(before)}; nothing was changed"
                : $"{address}: the tables went from version {Numbers.Text(before)} to {Numbers.Text(ClusterSchema.Version)}");
            return 0;
        });
        return command.WithExample("PGPASSWORD=… arena cluster init --cluster postgres://arena@db.example/arena", "arena cluster init --cluster-file cluster.txt");
    }

    private static Command Status()
    {
        var cluster = new ClusterOptions();
        Option<bool> json = CommonOptions.Json("print it as one line of JSON");
        var command = new Command("status", "Show a cluster's silos, hosts, learners and runs.") { json };
        cluster.AddTo(command);
        command.SetAction(parsed =>
        {
            using ClusterDatabase database = ClusterDatabase.Open(cluster.Read(parsed));
            ClusterStatus status = new SiloReports(database, parsed.GetValue(cluster.Name)!).Read();
            if (parsed.GetValue(json))
                parsed.InvocationConfiguration.Output.WriteLine(JsonOutput.Line(status));
            else
                Print(status, parsed.InvocationConfiguration.Output);
            return 0;
        });
        return command.WithExample("arena cluster status --cluster postgres://arena@db.example/arena", "arena cluster status --json");
    }

    private static void Print(ClusterStatus status, TextWriter output)
    {
        IAnsiConsole console = Consoles.For(output);
        if (status.Silos.Count == 0)
        {
            output.WriteLine($"Cluster {status.Cluster} has no silo. Start one with: arena silo --run NAME --preset quick-5v5");
        }
        else
        {
            Table silos = New("silo", "state", "for", "address", "process", "hosts", "matches", "hero-steps/s", "grains");
            foreach (SiloStanding silo in status.Silos)
            {
                SiloReport r = silo.Report;
                silos.AddRow(
                    Markup.Escape(r.Name), silo.Alive ? r.Stopping ? "leaving" : "up" : $"silent for {Numbers.Duration(silo.Age)}", r.Roles, r.Address, Numbers.Text(r.Process),
                    Numbers.Text(r.Hosts.Count), Numbers.Text(r.Hosts.Sum(h => h.Matches)), silo.Alive ? Numbers.Short(r.HeroStepsPerSecond) : "-",
                    string.Join(", ", r.Grains.Where(g => g.Value > 0).Select(g => $"{Numbers.Text(g.Value)} {g.Key}")));
            }
            console.Write(silos);
            Table learners = New("learner of", "on", "state", "session", "updates", "trained hero-steps", "hero-steps/s", "matches rated", "trajectories to", "fault");
            foreach ((SiloStanding silo, LearnerReport l) in status.Silos.Where(s => s.Alive).SelectMany(s => s.Report.Learners.Select(l => (s, l))))
            {
                learners.AddRow(
                    Markup.Escape(l.Run), Markup.Escape(silo.Report.Name), l.State, Numbers.Text(l.Session), Numbers.Text(l.Updates), Numbers.Short(l.TrainedSteps), Numbers.Short(l.StepsPerSecond),
                    Numbers.Text(l.MatchesRated), l.Endpoint ?? "-", Markup.Escape(l.Fault ?? ""));
            }
            console.Write(learners);
        }
        Table runs = New("run", "events", "last event", "files", "bytes", "log held by");
        foreach (RunStanding run in status.Runs)
        {
            runs.AddRow(
                Markup.Escape(run.Name), Numbers.Text(run.Events), run.LastEventAge is { } age ? $"{Numbers.Duration(age)} ago" : "-", Numbers.Text(run.Files), Numbers.Short(run.Bytes) + "B", Markup.Escape(run.HeldBy));
        }
        console.Write(runs);
    }

    private static Table New(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (string column in columns)
            table.AddColumn(new TableColumn(column).NoWrap());
        return table;
    }
}
