using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AuthService.Tokens;

namespace AuthService.Signals;

/// <summary>One push (RFC 8935, section 2).</summary>
internal sealed class SignalSender(ReceiverConnections connections, SignalTokens tokens)
{
    public const string ContentType = $"application/{SecurityEventTokenWriter.TokenType}";

    private const int LongestAnswer = 4_096;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    /// <param name="stream">To whose receiver.</param>
    /// <param name="set">What.</param>
    /// <param name="authorization">The header of that name; empty for none.</param>
    /// <param name="stopping">Breaks it off.</param>
    public async Task<PushOutcome> SendAsync(ClaimedStream stream, WaitingSet set, string authorization, CancellationToken stopping)
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
            return response.StatusCode switch
            {
                HttpStatusCode.Accepted => new PushOutcome.Taken(),
                HttpStatusCode.BadRequest => new PushOutcome.Refused(await ReadErrorAsync(response, timeout.Token)),
                var other => new PushOutcome.PutOff($"the receiver answered {(int)other}"),
            };
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return new PushOutcome.PutOff(error.InnerException?.Message ?? error.Message);
        }
        catch (OperationCanceledException)
        {
            return new PushOutcome.PutOff(stopping.IsCancellationRequested ? "the service stops" : $"no answer within {Timeout.TotalSeconds:0} seconds");
        }
    }

    /// <summary>The <c>err</c> of RFC 8935, section 2.3. What else the receiver says is not read on.</summary>
    private static async Task<string> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        const string Unexplained = "refused without a reason";
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellation);
            var bytes = new byte[LongestAnswer];
            var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
            using var document = JsonDocument.Parse(bytes.AsMemory(0, length));
            return document.RootElement.TryGetProperty("err", out var code) && code.GetString() is { } text
                ? Audit.AuditText.Printable(text.Length > 100 ? text[..100] : text)
                : Unexplained;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return Unexplained;
        }
    }
}
