using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using StandardWebhooks;

namespace AuthService.Webhooks;

/// <param name="Secrets">The current secret, and the previous one for a day after a rotation.</param>
internal sealed record SignedMessage(Uri Receiver, string Id, string Payload, IReadOnlyList<WebhookSecret> Secrets);

/// <summary>
/// Sends one message without redirects, proxies, cookies or trace headers. Each message has a connection of its own, because the address is checked
/// when the connection is made.
/// </summary>
internal sealed class WebhookTransport(WebhookAddresses addresses, TimeProvider clock) : IDisposable
{
    /// <summary>The longest time from name resolution to the end of what is read of the response.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    /// <summary>How long an attempt that is running when the service stops may still take.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    private const int MostRead = 4_096;

    private readonly HttpClient _http = addresses.CreateClient(connectionLifetime: TimeSpan.Zero);

    public async Task<AttemptResult> SendAsync(SignedMessage message, CancellationToken stopping)
    {
        if (!addresses.IsSecure(message.Receiver))
            return new AttemptResult(AttemptOutcome.AddressNotAllowed);
        using var timeout = new CancellationTokenSource(Timeout);
        using var stop = stopping.Register(() => timeout.CancelAfter(StopTimeout));
        try
        {
            using var request = CreateRequest(message);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            await ReadSomeAsync(response, timeout.Token);
            return ToResult(response);
        }
        catch (OperationCanceledException)
        {
            return new AttemptResult(AttemptOutcome.Timeout);
        }
        catch (HttpRequestException error)
        {
            return new AttemptResult(error.InnerException switch
            {
                AddressNotAllowedException => AttemptOutcome.AddressNotAllowed,
                AuthenticationException => AttemptOutcome.TlsFailed,
                _ => AttemptOutcome.Unreachable,
            });
        }
        catch (SocketException) // HttpClient does not wrap it if the receiver resets a connection as soon as it is made
        {
            return new AttemptResult(AttemptOutcome.Unreachable);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>
    /// Creates and signs the request. Each attempt is signed again, because receivers' libraries refuse signatures older than five minutes.
    /// </summary>
    private HttpRequestMessage CreateRequest(SignedMessage message)
    {
        var now = clock.GetUtcNow();
        var options = WebhookConfigurationOptions.StandardWebhooks;
        var signatures = message.Secrets.Select(secret => new StandardWebhook(secret.ToBytes()).Sign(message.Id, now, message.Payload));
        var request = new HttpRequestMessage(HttpMethod.Post, message.Receiver)
        {
            Content = new StringContent(message.Payload, Encoding.UTF8, "application/json"),
        };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("AuthService", productVersion: null));
        request.Headers.Add(options.IdHeaderKey, message.Id);
        request.Headers.Add(options.TimestampHeaderKey, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(options.SignatureHeaderKey, string.Join(' ', signatures));
        return request;
    }

    /// <summary>
    /// Reads the beginning of the response, so that a receiver with a short one can finish it. Its content does not matter, nor whether it ends.
    /// </summary>
    private static async Task ReadSomeAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MostRead);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellation);
            _ = await body.ReadAtLeastAsync(buffer, MostRead, throwOnEndOfStream: false, cancellation);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or HttpRequestException)
        {
            // The status has decided the result.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private AttemptResult ToResult(HttpResponseMessage response)
    {
        var outcome = response switch
        {
            { IsSuccessStatusCode: true } => AttemptOutcome.Delivered,
            { StatusCode: HttpStatusCode.Gone } => AttemptOutcome.Gone,
            _ => AttemptOutcome.WrongStatus,
        };
        return new AttemptResult(outcome, (int)response.StatusCode, RetrySchedule.FindRetryAfter(response, clock.GetUtcNow()));
    }
}
