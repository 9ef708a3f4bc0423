using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using SelfPlayArena.Server.Hosting;

namespace SelfPlayArena.Server.Client;

/// <summary>The built web client, held in memory: nothing of a path that is asked for ever reaches the disk.</summary>
internal sealed class WebClientFiles
{
    private const string Page = "/index.html";
    private readonly Dictionary<string, ClientFile> _files = new(StringComparer.Ordinal);

    public WebClientFiles(ServerOptions options)
    {
        string folder = options.WebClient ?? Path.Combine(AppContext.BaseDirectory, "web");
        if (!Directory.Exists(folder))
            return;
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            string path = "/" + Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
            _files.Add(path, new ClientFile(path, File.ReadAllBytes(file)));
        }
    }

    /// <summary>False where the client was not built.</summary>
    public bool IsBuilt => _files.ContainsKey(Page);

    /// <summary>The file for a path; the page itself for paths that only the client knows. Null if there is none.</summary>
    public ClientFile? Find(string path)
        => _files.TryGetValue(path, out ClientFile? file) ? file
            : IsFile(path) ? null
            : _files.GetValueOrDefault(Page);

    /// <summary>Whether a path can only mean a file. Names within the client's own paths may have dots: runs and replays do.</summary>
    public static bool IsFile(string path)
        => Path.HasExtension(path) && (path.LastIndexOf('/') == 0 || !(path.StartsWith("/watch/", StringComparison.Ordinal) || path.StartsWith("/play/", StringComparison.Ordinal)));
}

/// <summary>A file of the client with its compressed forms, which are made when first asked for.</summary>
internal sealed class ClientFile
{
    private const int LeastToCompress = 1024;
    private readonly byte[] _plain;
    private readonly string _type;
    private readonly bool _compressible;
    private readonly bool _named;
    private readonly string _tag;
    private readonly Lazy<byte[]> _brotli, _gzip;

    public ClientFile(string path, byte[] content)
    {
        _plain = content;
        _type = TypeOf(Path.GetExtension(path));
        _compressible = content.Length >= LeastToCompress && !_type.StartsWith("font/", StringComparison.Ordinal) && _type is not ("image/png" or "image/webp" or "image/jpeg");
        // The bundler puts a hash of the content into these files' names.
        _named = path.StartsWith("/assets/", StringComparison.Ordinal);
        _tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 12))}\"";
        _brotli = new Lazy<byte[]>(() => Packed(s => new BrotliStream(s, CompressionLevel.Optimal)));
        _gzip = new Lazy<byte[]>(() => Packed(s => new GZipStream(s, CompressionLevel.Optimal)));
    }

    public async Task Answer(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.Headers.CacheControl = _named ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.ETag = _tag;
        response.Headers.Vary = "Accept-Encoding";
        if (context.Request.Headers.IfNoneMatch.ToString().Contains(_tag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        response.ContentType = _type;
        (string? coding, byte[] body) = Choose(context.Request.Headers.AcceptEncoding.ToString());
        if (coding is not null)
            response.Headers.ContentEncoding = coding;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(body, context.RequestAborted);
    }

    private (string? Coding, byte[] Body) Choose(string accepted)
    {
        if (!_compressible || !StringWithQualityHeaderValue.TryParseList([accepted], out IList<StringWithQualityHeaderValue>? codings))
            return (null, _plain);
        if (Takes("br"))
            return ("br", _brotli.Value);
        return Takes("gzip") ? ("gzip", _gzip.Value) : (null, _plain);

        bool Takes(string name) => codings.Any(c => c.Quality != 0 && c.Value.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    private byte[] Packed(Func<Stream, Stream> coder)
    {
        using var packed = new MemoryStream();
        using (Stream stream = coder(packed))
            stream.Write(_plain);
        return packed.ToArray();
    }

    private static string TypeOf(string extension) => extension switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" or ".mjs" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".json" or ".map" => "application/json",
        ".webmanifest" => "application/manifest+json",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".webp" => "image/webp",
        ".jpg" => "image/jpeg",
        ".ico" => "image/x-icon",
        ".woff2" => "font/woff2",
        ".wasm" => "application/wasm",
        ".txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
}
