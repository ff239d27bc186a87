using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using AuthService.Tokens;
using AuthService.Webhooks;

namespace AuthService.Signals;

/// <summary>Pushes one SET to a receiver (RFC 8935, section 2).</summary>
internal sealed class SignalTransport(ReceiverConnections connections, SignalTokens tokens, TimeProvider clock)
{
    public const string ContentType = $"application/{SecurityEventTokenWriter.TokenType}";

    private const int LongestAnswer = 4_096;

    /// <summary>
    /// The errors that concern the SET (RFC 8935, section 2.4). Other errors concern this service or the receiver itself, and are temporary.
    /// </summary>
    private static readonly string[] ErrorsOfSets = ["invalid_request", "invalid_issuer", "invalid_audience", "invalid_key"];

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    /// <param name="stream">The stream of the receiver.</param>
    /// <param name="set">The SET.</param>
    /// <param name="authorization">The <c>Authorization</c> header; empty for none.</param>
    /// <param name="stopping">Cancels the push when the service stops.</param>
    public async Task<PushOutcome> SendAsync(LeasedStream stream, WaitingSet set, string authorization, CancellationToken stopping)
    {
        if (!tokens.CanSign)
            return new PushOutcome.PutOff("no published signing key is active");
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        timeout.CancelAfter(Timeout);
        using var request = new HttpRequestMessage(HttpMethod.Post, stream.EndpointUrl)
        {
            Content = new StringContent(tokens.Sign(set, stream.Audience), Encoding.ASCII, new MediaTypeHeaderValue(ContentType)),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (authorization.Length > 0)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        try
        {
            using var response = await connections.SendAsync(request, timeout.Token);
            if (response.StatusCode is HttpStatusCode.Accepted)
                return new PushOutcome.Taken();
            var error = response.StatusCode is HttpStatusCode.BadRequest ? await ReadErrorAsync(response, timeout.Token) : null;
            if (error is not null && ErrorsOfSets.Contains(error, StringComparer.Ordinal))
                return new PushOutcome.Refused(error);
            var reason = $"the receiver answered {(int)response.StatusCode}{(error is null ? "" : $" ({error})")}";
            return new PushOutcome.PutOff(reason, RetrySchedule.FindRetryAfter(response, clock.GetUtcNow()));
        }
        catch (Exception error) when (error is HttpRequestException or IOException or SocketException) // not wrapped if a connection is reset at once
        {
            return new PushOutcome.PutOff(error.InnerException?.Message ?? error.Message);
        }
        catch (OperationCanceledException)
        {
            return new PushOutcome.PutOff(stopping.IsCancellationRequested ? "the service stops" : $"no answer within {Timeout.TotalSeconds:0} seconds");
        }
    }

    /// <summary>Reads the error of the receiver from the beginning of its response; the rest is not read.</summary>
    /// <returns>The <c>err</c> of RFC 8935, section 2.3; null when there is none.</returns>
    private static async Task<string?> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellation);
            var bytes = new byte[LongestAnswer];
            var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
            using var document = JsonDocument.Parse(bytes.AsMemory(0, length));
            return document.RootElement.TryGetProperty("err", out var code) && code.GetString() is { } text
                ? Audit.AuditText.Printable(text.Length > 100 ? text[..100] : text)
                : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
