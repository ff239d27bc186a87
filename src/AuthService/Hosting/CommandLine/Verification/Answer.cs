using System.Net;
using System.Text.Json;

namespace AuthService.Hosting.CommandLine.Verification;

/// <summary>A response of the deployment, read to its end.</summary>
/// <param name="Call">The method and path of the call, for messages.</param>
/// <param name="Status">The status.</param>
/// <param name="Headers">All headers, by name in any letter case.</param>
/// <param name="Cookies">The Set-Cookie headers.</param>
/// <param name="Text">The body.</param>
internal sealed record Answer(
    string Call, HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, IReadOnlyList<string> Cookies, string Text)
{
    private const int LongestShown = 200;

    /// <summary>The body as JSON.</summary>
    public JsonElement Json
    {
        get
        {
            try
            {
                return JsonElement.Parse(Text);
            }
            catch (JsonException error)
            {
                throw new CheckFailedException($"{Call} was answered {(int)Status} with a body that is no JSON", error);
            }
        }
    }

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <exception cref="CheckFailedException">The response has another status.</exception>
    public Answer Expect(HttpStatusCode status) => Status == status
        ? this
        : throw new CheckFailedException($"{Call} was answered {(int)Status}, not {(int)status}{Shown}");

    /// <exception cref="CheckLeftOutException">The response is 503: the deployment is not set up for this.</exception>
    public Answer ExpectAvailable() =>
        Status is HttpStatusCode.ServiceUnavailable ? throw new CheckLeftOutException($"{Call} was answered 503{Shown}") : this;

    /// <summary>Gets a text member of the JSON object in the body.</summary>
    public string Member(string name) => Json is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty(name, out var value)
        && value.ValueKind is JsonValueKind.String
            ? value.GetString()!
            : throw new CheckFailedException($"{Call} was answered {(int)Status} without \"{name}\"");

    /// <summary>The body for a message. Only errors are shown, because a successful response may contain secrets.</summary>
    private string Shown => (int)Status < 400 || Text.Length == 0 ? "" : $": {Text[..Math.Min(Text.Length, LongestShown)].ReplaceLineEndings(" ")}";
}
