using System.Collections.Concurrent;

namespace AuthService.Api.Documents;

/// <summary>Caches the OpenAPI documents. Each is generated once, because that takes 40 ms of a core and gives the same result for every caller.</summary>
/// <param name="addresses">The paths of the documents. A request for any other path is passed on.</param>
internal sealed class MadeDocuments(IEnumerable<string> addresses) : IDisposable
{
    private readonly HashSet<string> _addresses = new(addresses, StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Document> _made = new(StringComparer.OrdinalIgnoreCase);
    private readonly SemaphoreSlim _lock = new(1, 1);
    private int _version;

    /// <param name="context">The context of the request.</param>
    /// <param name="make">Generates the document and writes it.</param>
    public async Task ServeAsync(HttpContext context, RequestDelegate make)
    {
        var address = context.Request.Path.Value ?? "";
        if (!HttpMethods.IsGet(context.Request.Method) || !_addresses.Contains(address))
            await make(context);
        else
            await WriteAsync(context.Response, _made.TryGetValue(address, out var made) ? made : await MakeOnceAsync(address, context, make));
    }

    /// <summary>Clears the cache. The documents contain the address of this service, and that setting can change.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref _version);
        _made.Clear();
    }

    public void Dispose() => _lock.Dispose();

    private static Task WriteAsync(HttpResponse response, Document document)
    {
        response.ContentType = document.ContentType;
        response.ContentLength = document.Body.Length;
        return response.Body.WriteAsync(document.Body).AsTask();
    }

    private async Task<Document> MakeOnceAsync(string address, HttpContext context, RequestDelegate make)
    {
        await _lock.WaitAsync();
        try
        {
            if (_made.TryGetValue(address, out var earlier))
                return earlier;
            var version = Volatile.Read(ref _version);
            var made = await MakeAsync(context, make);
            var isFound = context.Response.StatusCode is StatusCodes.Status200OK; // the generator does not know a name in another letter case
            if (isFound && version == Volatile.Read(ref _version))
                _made[address] = made;
            return made;
        }
        finally
        {
            _lock.Release();
        }
    }

    private static async Task<Document> MakeAsync(HttpContext context, RequestDelegate make)
    {
        var body = context.Response.Body;
        using var written = new MemoryStream();
        context.Response.Body = written;
        try
        {
            await make(context);
        }
        finally
        {
            context.Response.Body = body;
        }

        return new Document(written.ToArray(), context.Response.ContentType);
    }

    private sealed record Document(byte[] Body, string? ContentType);
}
