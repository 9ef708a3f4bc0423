using System.Text.Json;
using SelfPlayArena.Cli.Serving;
using SelfPlayArena.Core;
using SelfPlayArena.Moba;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli.Tests;

public sealed class GameCatalogTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("arena-games").FullName;

    [Fact]
    public void EnvironmentsAreMadeFromRecipesWithDefaultsForWhatIsLeftOut()
    {
        Assert.Equal("moba/3v3", Catalog.Create(Recipe("moba", """{"mode": "3v3"}""")).Spec.Name);
        Assert.Equal("moba/5v5", Catalog.Create(Recipe("moba", "{}")).Spec.Name);
        Assert.Equal("matching", Catalog.Create(Recipe("matching", "{}")).Recipe.Name);
    }

    [Theory]
    [InlineData("mob", "{}", "did you mean 'moba'?")]
    [InlineData("moba", """{"mode": "9v9"}""", "allowed: 5v5, 3v3, 1v1")]
    [InlineData("moba", """{"colour": 1}""", "'colour'")]
    [InlineData("moba", "[]", "not known")]
    [InlineData("moba", "null", "not null")]
    [InlineData("moba", """{"control": "orders"}""", "for matches that people play")]
    public void WhatIsNoEnvironmentIsRefusedWithWhatIsAllowed(string name, string options, string why)
        => Assert.Contains(why, Assert.Throws<ArgumentException>(() => Catalog.Create(Recipe(name, options))).Message, StringComparison.Ordinal);

    [Fact]
    public void PlayersAndRunsThatAreNotThereAreRefusedAndDamagedOnesSaidToBe()
    {
        EnvironmentSpec spec = MobaEnvironment.SpecFor(new MobaOptions { Mode = "1v1" });
        Assert.Equal("hard@1", Catalog.Load("scripted:hard", spec).Scripted);
        foreach (string player in new[] { "hard", "scripted:hrad", "run:gone@1", "run:../gone", "file:" + Path.Combine(_root, "gone") })
            Assert.Throws<ArgumentException>(() => Catalog.Load(player, spec));
        Assert.Throws<ArgumentException>(() => Catalog.CreateAsIn("gone"));
        Assert.Throws<ArgumentException>(() => Catalog.CreateAsIn(".."));

        string file = Path.Combine(_root, "damaged.bundle");
        File.WriteAllText(file, "no bundle at all");
        Assert.Throws<InvalidDataException>(() => Catalog.Load("file:" + file, spec));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private GameCatalog Catalog => new(new RunCatalog(_root));

    private static EnvironmentRecipe Recipe(string name, string options) => new(name, JsonDocument.Parse(options).RootElement);
}
