using SelfPlayArena.Core;

namespace SelfPlayArena.Core.Tests;

public class AtomicFileTests
{
    [Fact]
    public void A_failed_write_leaves_the_old_content_and_no_litter()
    {
        string folder = Directory.CreateTempSubdirectory("arena-").FullName;
        try
        {
            string path = Path.Combine(folder, "file");
            AtomicFile.Write(path, new byte[] { 1, 2, 3 });
            Assert.Throws<IOException>(() => AtomicFile.Write(path, stream =>
            {
                stream.WriteByte(9);
                throw new IOException("No space left on device");
            }));
            Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
            Assert.Equal([path], Directory.GetFiles(folder));
            AtomicFile.Write(path, new byte[] { 4 });
            Assert.Equal([4], File.ReadAllBytes(path));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
