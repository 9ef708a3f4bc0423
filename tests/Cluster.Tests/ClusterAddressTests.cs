namespace SelfPlayArena.Cluster.Tests;

public sealed class ClusterAddressTests
{
    [Theory]
    [InlineData("postgres://league:se%3Acret@db.example/arena", "db.example", 5432, "league", "arena", true)]
    [InlineData("postgresql://league@db.example:6000/arena?sslmode=verify-full", "db.example", 6000, "league", "arena", false)]
    [InlineData("postgres:///arena?host=/run/postgresql", "/run/postgresql", 5432, null, "arena", false)]
    public void Addresses_are_read(string text, string host, int port, string? user, string database, bool password)
    {
        var address = ClusterAddress.Parse(text);
        Assert.Equal((host, port, database, password), (address.Host, address.Port, address.Database, address.HasPassword));
        if (user is not null)
            Assert.Equal(user, address.User);
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost/arena")]
    [InlineData("mysql://hidden:hidden@host/arena")]
    [InlineData("postgres://user:hidden@host")]
    [InlineData("postgres://user:hidden@host/arena?nonsense=1")]
    [InlineData("postgres://user:hidden@host/arena?sslmode=perhaps")]
    public void What_is_no_address_is_refused_with_what_is_allowed(string text)
    {
        string said = Assert.Throws<FormatException>(() => ClusterAddress.Parse(text)).Message;
        Assert.Contains("allowed", said, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_is_used_and_never_shown()
    {
        var address = ClusterAddress.Parse("postgres://league:s%3Acr%40t@db.example/arena");
        Assert.Contains("s:cr@t", address.ConnectionString, StringComparison.Ordinal);
        Assert.Equal("postgres://league@db.example:5432/arena", address.ToString());
    }
}
