using System.Runtime.CompilerServices;
using System.Text.Json;
using SelfPlayArena.Testing;
using YamlDotNet.RepresentationModel;

namespace SelfPlayArena.Cli.Tests;

/// <summary>What a person sees of a cluster's database.</summary>
public sealed class ClusterCommandTests
{
    [PostgresFact]
    public void TablesAreMadeOnceTheClusterIsShownAndAPasswordIsNot()
    {
        using var postgres = new PrivatePostgres();
        string database = postgres.NewDatabase(), file = Path.GetTempFileName();
        File.WriteAllText(file, postgres.Address(database) + "\n");
        try
        {
            (int code, string output, string error) = Arena("cluster", "status", "--cluster-file", file);
            Assert.Equal((2, ""), (code, output));
            Assert.Contains("arena cluster init", error, StringComparison.Ordinal);
            (code, output, error) = Arena("cluster", "init", "--cluster-file", file);
            Assert.Equal((0, ""), (code, error));
            Assert.Contains("has a cluster's tables now", output, StringComparison.Ordinal);
            (_, output, _) = Arena("cluster", "init", "--cluster-file", file);
            Assert.Contains("nothing was changed", output, StringComparison.Ordinal);
            (_, output, _) = Arena("cluster", "status", "--cluster-file", file);
            Assert.Contains("has no silo", output, StringComparison.Ordinal);
            (_, output, _) = Arena("cluster", "status", "--cluster-file", file, "--json");
            using var status = JsonDocument.Parse(output);
            Assert.Equal("arena", status.RootElement.GetProperty("cluster").GetString());
            (code, output, error) = Arena("cluster", "status", "--cluster", postgres.Address(database, "open sesame"));
            Assert.Equal((2, ""), (code, output));
            Assert.Contains("wrong or missing password", error, StringComparison.Ordinal);
            Assert.Contains("can be read by everybody", error, StringComparison.Ordinal);
            Assert.DoesNotContain("sesame", error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>What is deployed starts the program with command lines that it understands.</summary>
    [Theory]
    [InlineData("docker-compose.yml", 3)]
    [InlineData("kubernetes/init.yaml", 1)]
    [InlineData("kubernetes/silos.yaml", 2)]
    public void DeployedCommandLinesParse(string file, int commands)
    {
        var stream = new YamlStream();
        using (var reader = new StreamReader(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../tools/deploy", file)))
            stream.Load(reader);
        string[][] lines =
        [
            .. stream.Documents.SelectMany(d => d.AllNodes).OfType<YamlSequenceNode>()
                .Select(n => n.OfType<YamlScalarNode>().Select(c => c.Value!.Replace("$(POD_IP)", "10.0.0.7", StringComparison.Ordinal)).ToArray())
                .Where(l => l is ["silo" or "cluster", _, ..]),
        ];
        Assert.Equal(commands, lines.Length);
        Assert.All(lines, l => Assert.Empty(ArenaCommand.Create().Parse(l).Errors));
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private static (int Code, string Output, string Error) Arena(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = ArenaCommand.Run(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
