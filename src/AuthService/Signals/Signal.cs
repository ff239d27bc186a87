using System.Text.Json.Nodes;

namespace AuthService.Signals;

/// <summary>An event to report, not yet addressed to a receiver.</summary>
/// <param name="Event">One of <see cref="SignalEvents"/>.</param>
/// <param name="Subject">The <c>sub_id</c> (RFC 9493; SSF 1.0, section 3).</param>
/// <param name="Content">The members of the event itself.</param>
internal sealed record Signal(string Event, JsonObject Subject, JsonObject Content)
{
    /// <param name="stream">The id of the stream that carries the event, which is also its subject (SSF 1.0, section 8.1.4.1).</param>
    /// <param name="state">The text that the receiver wants to get back; null for none.</param>
    public static Signal Verification(Guid stream, string? state) => new(
        SignalEvents.Verification, SignalSubject.Opaque(stream.ToString()), state is null ? [] : new JsonObject { ["state"] = state });

    /// <summary>Returns the claims that do not depend on the receiver.</summary>
    public JsonObject ToClaims(string? txn, DateTimeOffset? toe)
    {
        var claims = new JsonObject { ["sub_id"] = Subject.DeepClone(), ["events"] = new JsonObject { [Event] = Content.DeepClone() } };
        if (txn is not null)
            claims["txn"] = txn;
        if (toe is { } moment)
            claims["toe"] = moment.ToUnixTimeSeconds();
        return claims;
    }
}

/// <summary>Creates the subjects of SETs.</summary>
internal static class SignalSubject
{
    public static JsonObject Opaque(string id) => new() { ["format"] = "opaque", ["id"] = id };

    public static JsonObject Principal(string issuer, string id) => new() { ["format"] = "iss_sub", ["iss"] = issuer, ["sub"] = id };

    public static JsonObject Session(string issuer, string principal, Guid session) => new()
    {
        ["format"] = "complex",
        ["user"] = Principal(issuer, principal),
        ["session"] = Opaque(session.ToString()),
    };

    /// <summary>
    /// Creates a subject for everybody who has signed in with this service: a complex subject covers all that matches its members (SSF 1.0, section 8.1.3.1).
    /// </summary>
    public static JsonObject Everybody(string issuer) => new() { ["format"] = "complex", ["tenant"] = Opaque(issuer) };
}
