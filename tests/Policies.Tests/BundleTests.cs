using System.Buffers.Binary;
using System.Text;
using SelfPlayArena.Core;

namespace SelfPlayArena.Policies.Tests;

public sealed class BundleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("policies").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ABundleComesBackAsItWasSaved()
    {
        PolicyBundle bundle = Bundle();
        string path = Path.Combine(_folder, "main@3.bundle");
        bundle.Save(path);
        PolicyBundle read = PolicyBundle.Load(path);
        Assert.Equal(bundle.Description.ToJson(), read.Description.ToJson());
        Assert.Equal(bundle.Spec.ToJson(), read.Spec.ToJson());
        Assert.Equal(bundle.Card with { Ratings = read.Card.Ratings, Teachers = read.Card.Teachers }, read.Card);
        Assert.Equal(1234.5, read.Card.Ratings["elo"]);
        Assert.Equal(["main@1", "main@2"], read.Card.Teachers);
        foreach ((string name, WeightTensor t) in bundle.Weights.Tensors)
            Assert.Equal(t.Values, read.Weights[name]);
        bundle.Save(path);
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void EveryTruncationAndEveryWrongByteOfTheHeaderLengthIsRefusedWithTheFileName()
    {
        var stream = new MemoryStream();
        Bundle().Write(stream);
        byte[] bytes = stream.ToArray();
        for (int length = 0; length < bytes.Length; length += 1 + bytes.Length / 97)
            Assert.StartsWith("x.bundle: ", Assert.Throws<BundleException>(() => PolicyBundle.Read(bytes.AsMemory(0, length), "x.bundle")).Message, StringComparison.Ordinal);
        Assert.Throws<BundleException>(() => PolicyBundle.Read(bytes.AsMemory(0, bytes.Length - 1), "x"));
        for (int i = 0; i < 8; i++)
        {
            byte[] wrong = [.. bytes];
            wrong[i] ^= 0x41;
            Assert.Throws<BundleException>(() => PolicyBundle.Read(wrong, "x"));
        }
    }

    [Fact]
    public void DamagedHeadersFailOnlyAsBundleExceptions()
    {
        var stream = new MemoryStream();
        Bundle().Write(stream);
        byte[] bytes = stream.ToArray();
        int header = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var rng = new Rng(4);
        int refused = 0;
        for (int i = 0; i < 300; i++)
        {
            byte[] wrong = [.. bytes];
            wrong[8 + rng.Next(header)] = (byte)(32 + rng.Next(95));
            try
            {
                _ = PolicyBundle.Read(wrong, "x");
            }
            catch (BundleException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 100, 300);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""", 8, "dtype 'F64'; supported: F32, F16, BF16")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "in 4 bytes; expected 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 4, "out of range")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "out of range")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "expected 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "'a' twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "has 8 bytes of data; its header describes 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "not negative")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "without 'data_offsets'")]
    [InlineData("""{"a":3}""", 0, "without 'dtype'")]
    [InlineData("""[]""", 0, "not the JSON of safetensors")]
    [InlineData("""{"a":""", 0, "not the JSON of safetensors")]
    public void SafeTensorsErrorsSayWhatWasExpected(string header, int data, string said)
    {
        var e = Assert.Throws<BundleException>(() => SafeTensors.Read(File(header, new byte[data]), "w.safetensors"));
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
        Assert.Contains("w.safetensors", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadsHalfPrecisionTensors()
    {
        byte[] data = new byte[8];
        BinaryPrimitives.WriteHalfLittleEndian(data, (Half)1.5f);
        BinaryPrimitives.WriteHalfLittleEndian(data.AsSpan(2), (Half)(-2f));
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(4), (ushort)(BitConverter.SingleToUInt32Bits(0.25f) >> 16));
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(6), (ushort)(BitConverter.SingleToUInt32Bits(-3f) >> 16));
        SafeTensorsContent read = SafeTensors.Read(File("""{"__metadata__":{"k":"v"},"b":{"dtype":"BF16","shape":[1,2],"data_offsets":[4,8]},"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}  """, data), "w");
        Assert.Equal([1.5f, -2f], read.Tensors["a"].Values);
        Assert.Equal([0.25f, -3f], read.Tensors["b"].Values);
        Assert.Equal([1, 2], read.Tensors["b"].Shape);
        Assert.Equal("v", read.Metadata["k"]);
    }

    [Fact]
    public void OtherSafeTensorsFilesAndUnfitWeightsAreRefused()
    {
        PolicyBundle bundle = Bundle();
        string path = Path.Combine(_folder, "plain.safetensors");
        SafeTensors.Save(path, bundle.Weights.Tensors, new Dictionary<string, string>());
        Assert.Contains("no policy bundle", Assert.Throws<BundleException>(() => PolicyBundle.Load(path)).Message, StringComparison.Ordinal);
        var stream = new MemoryStream();
        bundle.Write(stream);
        SafeTensorsContent content = SafeTensors.Read(stream.ToArray(), "x");
        var fewer = content.Tensors.Where(t => t.Key != "trunk.bias").ToDictionary();
        SafeTensors.Save(path, fewer, content.Metadata);
        Assert.Contains("'trunk.bias'", Assert.Throws<BundleException>(() => PolicyBundle.Load(path)).Message, StringComparison.Ordinal);
        WeightTensor trunk = content.Tensors["trunk.weight"];
        var turned = content.Tensors.ToDictionary(t => t.Key, t => t.Key == "trunk.weight" ? trunk with { Shape = [trunk.Shape[1], trunk.Shape[0]] } : t.Value);
        SafeTensors.Save(path, turned, content.Metadata);
        string said = Assert.Throws<BundleException>(() => PolicyBundle.Load(path)).Message;
        Assert.Contains($"'trunk.weight' has shape [{trunk.Shape[1]}, {trunk.Shape[0]}]", said, StringComparison.Ordinal);
        Assert.Contains($"needs [{trunk.Shape[0]}, {trunk.Shape[1]}]", said, StringComparison.Ordinal);
        foreach (string key in content.Metadata.Keys)
        {
            SafeTensors.Save(path, content.Tensors, content.Metadata.ToDictionary(m => m.Key, m => m.Key == key ? "{}" : m.Value));
            if (key != "card")
                Assert.Throws<BundleException>(() => PolicyBundle.Load(path));
            SafeTensors.Save(path, content.Tensors, content.Metadata.Where(m => m.Key != key).ToDictionary());
            Assert.Contains(key, Assert.Throws<BundleException>(() => PolicyBundle.Load(path)).Message, StringComparison.Ordinal);
        }
    }

    private static byte[] File(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return [.. length, .. text, .. data];
    }

    private static PolicyBundle Bundle()
    {
        EnvironmentSpec spec = Matching.Spec;
        var plan = new NetworkPlan(new NetworkSize("small", 8, 1, 12, 8, 8, 8).Describe(spec), spec);
        return new PolicyBundle(plan, WeightInitializer.Create(plan, 1), new PolicyCard
        {
            Member = "main",
            Version = 3,
            TrainedSteps = 1_000_000,
            TrainedOn = "matching, self-play",
            Created = new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.Zero),
            Ratings = new Dictionary<string, double> { ["elo"] = 1234.5 },
            Teachers = ["main@1", "main@2"],
            Notes = "für \"alle\"\n",
        });
    }
}
