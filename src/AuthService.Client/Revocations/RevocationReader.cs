using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AuthService.Client.Revocations;

/// <summary>
/// Polls the feed while the service runs, one poll at a time. A poll asks AuthService to wait for news only when the last answer was complete. After the
/// start and after a failure the first answer comes at once.
/// </summary>
internal sealed class RevocationReader(
    RevocationFeed feed, RevocationKnowledge knowledge, IOptions<AuthServiceBearerOptions> options, TimeProvider clock, ILogger<RevocationReader> log)
    : BackgroundService
{
    /// <summary>The shortest poll: at most ten a second begin, even if the answers come faster.</summary>
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>The longest <c>Retry-After</c> that a poll waits for.</summary>
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ForgetInterval = TimeSpan.FromSeconds(30);

    private string? _cursor;
    private bool _isCurrent;
    private bool _hasLoggedUnknown;
    private int _failures;
    private HttpStatusCode? _logged;
    private long _forgotAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Revocation is not { } settings)
            return;
        _forgotAt = clock.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = await PollAsync(settings, stoppingToken);
            Forget();
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>How long to wait before the next poll.</returns>
    private async Task<TimeSpan> PollAsync(AuthServiceRevocationOptions settings, CancellationToken stoppingToken)
    {
        var begun = clock.GetTimestamp();
        try
        {
            Take(await feed.GetAsync(_cursor, _isCurrent ? settings.Wait : TimeSpan.Zero, stoppingToken));
            return _isCurrent ? ShortestPoll - clock.GetElapsedTime(begun) : TimeSpan.Zero;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (Exception error) // of any type: a background service that throws stops its host
        {
            return PauseAfter(error);
        }
    }

    private void Take(FeedAnswer answer)
    {
        if (answer is { More: true, Revoked: [] } && answer.Cursor == _cursor)
            throw new InvalidDataException("The feed says that there is more, and goes no further");
        if (answer.Restarted)
            log.FeedRestarted();
        if (knowledge.Take(answer) is var unknown and > 0 && !_hasLoggedUnknown)
        {
            _hasLoggedUnknown = true;
            log.UnknownRevocations(unknown);
        }

        (_cursor, _isCurrent) = (answer.Cursor, !answer.More);
        if (_failures > 0)
            log.FeedReadAgain(_failures);
        _failures = 0;
    }

    private TimeSpan PauseAfter(Exception error)
    {
        _isCurrent = false;
        LogFailure(error);
        var refusal = error as AuthServiceException;
        if (refusal?.StatusCode is HttpStatusCode.BadRequest)
            _cursor = null;
        var longest = FirstPause * Math.Pow(2, Math.Min(_failures - 1, 10));
        if (longest > LongestPause)
            longest = LongestPause;
        var pause = longest * ((1 + Random.Shared.NextDouble()) / 2); // at random, so that not all services call at once when AuthService is back
        return refusal?.RetryAfter is { } wanted && wanted > pause ? (wanted < LongestRetryAfter ? wanted : LongestRetryAfter) : pause;
    }

    /// <summary>Logs the first failure in a row, and each that differs from the last one: a refused credential must not stay hidden behind an outage.</summary>
    private void LogFailure(Exception error)
    {
        var status = (error as HttpRequestException)?.StatusCode; // null without an answer of AuthService
        if (_failures++ == 0 || status != _logged)
            log.FeedNotRead(error);
        _logged = status;
    }

    private void Forget()
    {
        if (clock.GetElapsedTime(_forgotAt) < ForgetInterval)
            return;
        knowledge.Forget();
        _forgotAt = clock.GetTimestamp();
    }
}
