using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace AuthService.ApiTests.Hostile.Fuzzing;

/// <summary>A request as it is sent. Each character is one byte (Latin-1), so that any byte can be anywhere.</summary>
internal sealed record RawRequest(string Method, string Target)
{
    public ImmutableList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The body; null when there is none.</summary>
    public string? Body { get; init; }

    /// <summary>The whole request as it is sent, when it differs from the other members.</summary>
    public string? Wire { get; init; }

    public string ContentType => Headers.Find(header => header.Name is "Content-Type").Value ?? "";

    public static string Utf8(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>Returns the request with this header in place of those with its name.</summary>
    public RawRequest With(string name, string value) => Without(name).Add(name, value);

    public RawRequest Without(string name) => this with { Headers = Headers.RemoveAll(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) };

    public RawRequest Add(string name, string value) => this with { Headers = Headers.Add((name, value)) };

    public byte[] ToBytes() => Encoding.Latin1.GetBytes(Wire ?? Write());

    /// <summary>Returns the request that the members describe.</summary>
    /// <param name="framing">The header lines that announce the body; by default its length.</param>
    /// <param name="body">The body with its framing.</param>
    public string Write(string? framing = null, string? body = null)
    {
        framing ??= Body is null ? "" : $"Content-Length: {Body.Length.ToString(CultureInfo.InvariantCulture)}\r\n";
        var headers = string.Concat(Headers.Select(header => $"{header.Name}: {header.Value}\r\n"));
        return $"{Method} {Target} HTTP/1.1\r\n{headers}{framing}\r\n{body ?? Body}";
    }

    /// <summary>Returns a readable form, with invisible characters escaped and long text cut.</summary>
    public override string ToString()
    {
        const int Shown = 1500;
        var text = new StringBuilder();
        foreach (var character in Wire ?? Write())
            text.Append(character is '\n' or (>= ' ' and <= '~') ? character : character is '\r' ? "" : $"\\x{(int)character:x2}");
        return text.Length <= Shown ? text.ToString() : $"{text.ToString(0, Shown)}… ({text.Length} characters)";
    }
}
