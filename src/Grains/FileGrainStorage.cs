using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using SelfPlayArena.Core;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Grains;

/// <summary>
/// What grains remember, on this machine's disk: a file for each state of each grain, all in one folder. Every write replaces the whole file or nothing
/// of it, and is on the disk when it completes. Several processes may use one folder: whoever writes without having read the newest is refused.
/// A file has three lines: to whom it belongs and its ETag; the state as JSON; the SHA-256 of these two.
/// </summary>
/// <remarks>
/// States are written by System.Text.Json, public properties and their names: who renames one forgets what it held. Reading and writing throw
/// <see cref="InvalidDataException"/> on a file that is not what was written, which a grain sees as the inner exception of an <see cref="OrleansException"/>.
/// </remarks>
/// <param name="folder">Made by the first write.</param>
public sealed class FileGrainStorage(string folder) : IGrainStorage
{
    private const int Format = 1, LongestName = 120, KeptOfLong = 40, SealLength = 65;
    private const string Plain = "abcdefghijklmnopqrstuvwxyz0123456789-_";
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), Pause = TimeSpan.FromMilliseconds(5);

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        (string? etag, T? state) = await Task.Run(() => Read(stateName, grainId) is { } page ? (page.ETag, Content<T>(page)) : (null, default));
        grainState.State = state ?? Activator.CreateInstance<T>();
        grainState.ETag = etag;
        grainState.RecordExists = etag is not null;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        // Before the first await: after it the grain may change what it holds.
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(grainState.State, RunFolder.Json);
        string? read = grainState.ETag;
        string written = Guid.NewGuid().ToString("N");
        await Task.Run(() => Change(stateName, grainId, read, file => AtomicFile.Write(file, Bytes(new Header(Format, grainId.ToString(), stateName, written), content))));
        grainState.ETag = written;
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        string? read = grainState.ETag;
        await Task.Run(() => Change(stateName, grainId, read, file =>
        {
            File.Delete(file);
            AtomicFile.SyncFolder(folder);
        }));
        grainState.ETag = null;
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
    }

    /// <summary>The file of a state: names that nobody can lead out of the folder, and that differ on disks that take capitals for small letters.</summary>
    private string FileOf(string state, GrainId grain) => Path.Combine(folder, $"{Escape(grain.ToString())}@{Escape(state)}.state");

    /// <exception cref="ArgumentException">Half of a surrogate pair, which no file could hold.</exception>
    private static string Escape(string name)
    {
        byte[] bytes = Strict.GetBytes(name);
        var escaped = new StringBuilder(bytes.Length);
        foreach (byte b in bytes)
        {
            if (Plain.Contains((char)b, StringComparison.Ordinal))
                escaped.Append((char)b);
            else
                escaped.Append(CultureInfo.InvariantCulture, $"%{b:x2}");
        }
        // Disks take 255 bytes for a name.
        return escaped.Length <= LongestName ? escaped.ToString() : $"{escaped.ToString(0, KeptOfLong)}~{Convert.ToHexStringLower(SHA256.HashData(bytes))}";
    }

    /// <summary>Does something to a state's file unless somebody wrote it since it was read.</summary>
    private void Change(string state, GrainId grain, string? read, Action<string> change)
    {
        string file = FileOf(state, grain);
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            AtomicFile.SyncFolder(Path.GetDirectoryName(Path.GetFullPath(folder)) ?? folder);
        }
        using FileStream held = Hold();
        string? stored = Read(state, grain)?.ETag;
        if (stored != read)
            throw new InconsistentStateException($"State '{state}' of {grain} was written by somebody else: {file}.", stored, read);
        change(file);
    }

    /// <summary>Nobody else writes in the folder meanwhile, in no process; the system lets go of it when a process dies.</summary>
    private FileStream Hold()
    {
        string file = Path.Combine(folder, "lock");
        for (long since = Environment.TickCount64; ; Thread.Sleep(Pause))
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(file) && Environment.TickCount64 - since < Patience.TotalMilliseconds)
            {
                // Another writer, for as long as an fsync takes.
            }
        }
    }

    private Page? Read(string state, GrainId grain)
    {
        string file = FileOf(state, grain);
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        if (bytes.Length <= SealLength || !bytes.AsSpan(bytes.Length - SealLength).SequenceEqual(Seal(bytes.AsSpan(0, bytes.Length - SealLength))))
            throw Damaged(file, "its checksum does not match", null);
        int line = bytes.AsSpan().IndexOf((byte)'\n');
        Header? header;
        try
        {
            header = JsonSerializer.Deserialize<Header>(bytes.AsSpan(0, line), RunFolder.Json);
        }
        catch (JsonException e)
        {
            throw Damaged(file, "its first line cannot be read", e);
        }
        if (header is not { Format: Format, ETag: not null })
            throw Damaged(file, $"its format is {header?.Format}, and {Format} is what this version reads", null);
        if (header.Grain != grain.ToString() || header.State != state)
            throw Damaged(file, $"it belongs to state '{header.State}' of {header.Grain}", null);
        return new Page(file, header.ETag, bytes.AsMemory(line + 1, bytes.Length - SealLength - line - 1));
    }

    private static T? Content<T>(Page page)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(page.Content.Span, RunFolder.Json);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw Damaged(page.File, $"it holds no {typeof(T).Name}", e);
        }
    }

    private static byte[] Bytes(Header header, byte[] content)
    {
        byte[] lines = [.. JsonSerializer.SerializeToUtf8Bytes(header, RunFolder.Json), (byte)'\n', .. content, (byte)'\n'];
        return [.. lines, .. Seal(lines)];
    }

    private static byte[] Seal(ReadOnlySpan<byte> lines) => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(lines)) + "\n");

    private static InvalidDataException Damaged(string file, string how, Exception? cause)
        => new($"{file} is not what a grain wrote there: {how}. Without that file the grain begins as if it had never been told anything.", cause);

    private sealed record Header(int Format, string Grain, string State, string ETag);

    private sealed record Page(string File, string ETag, ReadOnlyMemory<byte> Content);
}
