using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AuthService.UnitTests.Client;

/// <summary>
/// A server on a free port of 127.0.0.1 that answers as the revocation feed does, with pages of two entries, cursors of one epoch and long polls. It also
/// answers introspections. Faults come before the answers, one for each call.
/// </summary>
internal sealed class FeedServer : IAsyncDisposable
{
    private const int PageSize = 2;
    private const string Nothing = "/nothing";

    private readonly Lock _lock = new();
    private readonly WebApplication _app;
    private readonly TimeProvider _clock;
    private readonly List<string> _entries = [];
    private TaskCompletionSource _changed = new();
    private int _epoch = 1;
    private int _open;

    private FeedServer(WebApplication app, TimeProvider clock) => (_app, _clock) = (app, clock);

    public Uri Address => new(_app.Urls.First());

    /// <summary>The query of each poll.</summary>
    public ConcurrentQueue<string> Polls { get; } = new();

    /// <summary>Answers in the place of the usual ones, one for each poll.</summary>
    public ConcurrentQueue<Func<HttpContext, Task>> Faults { get; } = new();

    /// <summary>The greatest number of open polls so far.</summary>
    public int MostOpen { get; private set; }

    /// <summary>The number of calls that are not polls.</summary>
    public int Questions { get; private set; }

    /// <summary>The answer to every call that is not a poll.</summary>
    public Func<HttpContext, Task> Introspection { get; set; } = http => http.Response.WriteAsync("""{"active":true}""");

    public static async Task<FeedServer> StartAsync(TimeProvider clock)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = new FeedServer(builder.Build(), clock);
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        await server.WarmUpAsync();
        return server;
    }

    public void Revoke(params string[] entries)
    {
        lock (_lock)
            _entries.AddRange(entries);
        Change();
    }

    /// <summary>Begins again with these entries only, as with another database. Old cursors are unknown.</summary>
    public void Restart(params string[] entries)
    {
        lock (_lock)
        {
            _epoch++;
            _entries.Clear();
        }

        Revoke(entries);
    }

    /// <summary>Answers the polls that wait, with nothing new.</summary>
    public void AnswerPolls() => Change();

    public static Func<HttpContext, Task> Status(int status, string? retryAfter = null) => http =>
    {
        http.Response.StatusCode = status;
        http.Response.Headers.RetryAfter = retryAfter;
        return Task.CompletedTask;
    };

    public static Func<HttpContext, Task> Say(string answer) => http => http.Response.WriteAsync(answer);

    public static Task HangAsync(HttpContext http) =>
        Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

    public static async Task DropAsync(HttpContext http)
    {
        http.Response.ContentLength = 1000;
        await http.Response.WriteAsync("""{"cursor":""");
        http.Abort();
    }

    public async ValueTask DisposeAsync()
    {
        Change();
        await _app.DisposeAsync();
    }

    /// <summary>Makes a first call, because it takes long in a process and the fast clock does not wait for it.</summary>
    private async Task WarmUpAsync()
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(Address, Nothing));
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (http.Request.Path == Nothing)
            return;
        if (http.Request.Path != "/revocations")
        {
            Questions++;
            await Introspection(http);
            return;
        }

        Task changed;
        lock (_lock)
            changed = _changed.Task;
        MostOpen = Math.Max(MostOpen, Interlocked.Increment(ref _open));
        Polls.Enqueue(http.Request.QueryString.Value!);
        if (Faults.TryDequeue(out var fault))
            await fault(http);
        else
            await PollAsync(http, changed);
        Interlocked.Decrement(ref _open);
    }

    private async Task PollAsync(HttpContext http, Task changed)
    {
        var (after, wait) = (http.Request.Query["after"].ToString(), int.Parse(http.Request.Query["wait"].ToString(), CultureInfo.InvariantCulture));
        if (after.Length > 0 && after.Split(' ') is not [_, _])
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        if (wait > 0 && after == CursorAt(_entries.Count))
            await Task.WhenAny(changed, Task.Delay(TimeSpan.FromSeconds(wait), _clock, http.RequestAborted));
        await http.Response.WriteAsync(Page(after));
    }

    private string Page(string after)
    {
        lock (_lock)
        {
            var isOurs = after.StartsWith($"{_epoch} ", StringComparison.Ordinal);
            var from = isOurs ? int.Parse(after.Split(' ')[1], CultureInfo.InvariantCulture) : 0;
            var page = _entries.Skip(from).Take(PageSize).ToArray();
            var now = (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
            var flags = (from + page.Length < _entries.Count ? ",\"more\":true" : "") + (after.Length > 0 && !isOurs ? ",\"restarted\":true" : "");
            return string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"cursor":"{{CursorAt(from + page.Length)}}","now":{{now}},"revoked":[{{string.Join(',', page)}}]{{flags}}}""");
        }
    }

    /// <summary>Makes a cursor with a space, which must be escaped in an address.</summary>
    private string CursorAt(int position) => string.Create(CultureInfo.InvariantCulture, $"{_epoch} {position}");

    private void Change()
    {
        lock (_lock)
        {
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
