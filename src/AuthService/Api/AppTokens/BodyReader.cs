using System.Text.Json;
using System.Text.RegularExpressions;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Applications;

namespace AuthService.Api.AppTokens;

/// <summary>Reads a JSON body member by member, so that one error lists all its faults. A member that is null counts as missing.</summary>
internal sealed partial class BodyReader
{
    /// <summary>The member in which the caller chooses the names. There, two names may differ in letter case alone.</summary>
    public const string Map = "metadata";

    private const int LongestName = 256;
    private const int LongestValue = 4096;
    private const int MostEntries = 100;

    private readonly JsonElement _members;
    private readonly string[] _location;
    private readonly List<InputFault> _faults;

    private BodyReader(JsonElement members, string[] location, List<InputFault> faults)
    {
        (_members, _location, _faults) = (members, location, faults);
        if (members.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined))
            faults.Add(new InputFault(location, "must be a JSON object", FaultTypes.WrongType));
    }

    /// <summary>The body as it was sent; empty when there is none.</summary>
    public string RawText => _members.ValueKind is JsonValueKind.Undefined ? "" : _members.GetRawText();

    public ApiError? Fault => Unreadable ?? (_faults.Count > 0 ? ApiError.Unprocessable(_faults) : null);

    /// <summary>The reason why the body could not be read at all; null when it could.</summary>
    private ApiError? Unreadable { get; init; }

    /// <param name="value">The result. It can be used only when the body has no fault.</param>
    public ReadResult<T> Result<T>(T value) => Fault is { } fault ? fault : value;

    /// <summary>Reads the body of a call that requires one.</summary>
    public static Task<BodyReader> ReadAsync(HttpContext context) => IsTakenAsJson(context.Request)
        ? ParseAsync(context)
        : Task.FromResult(Empty(ApiError.FromStatus(StatusCodes.Status415UnsupportedMediaType)));

    /// <summary>Reads the body of a call that requires none. A body that is not a JSON object counts as no body.</summary>
    public static async Task<BodyReader> ReadOptionalAsync(HttpContext context)
    {
        if (!IsTakenAsJson(context.Request))
            return Empty(unreadable: null);
        var begins = await JsonBody.BeginsObjectAsync(context);
        return begins is { Fault: null, Value: true } ? await ParseAsync(context) : Empty(begins.Fault);
    }

    /// <summary>
    /// Reads the body of a call that does the most when it gets no body. A body of any content type is read, because it may ask for less. <c>null</c> counts as
    /// no body.
    /// </summary>
    public static async Task<BodyReader> ReadWholeAsync(HttpContext context)
    {
        if (!JsonBody.IsSent(context))
            return Empty(unreadable: null);
        var body = await ParseAsync(context);
        return body._members.ValueKind is JsonValueKind.Null ? Empty(unreadable: null) : body;
    }

    /// <summary>Refuses unknown members, for calls that do the most when they get no body: a misspelled member may have asked for less.</summary>
    public void RefuseOthers(params string[] known)
    {
        if (_members.ValueKind is JsonValueKind.Object && _members.EnumerateObject().Any(member => !known.Contains(member.Name, StringComparer.Ordinal)))
            _faults.Add(new InputFault(_location, $"may hold {string.Join(" and ", known)} and nothing else", FaultTypes.Unknown));
    }

    public string? Text(string name)
    {
        if (Find(name) is not { } value)
            return null;
        return value.ValueKind is not JsonValueKind.String ? Refuse<string>(name, "must be text", FaultTypes.WrongType)
            : IsName(value) ? value.GetString()
            : Refuse<string>(name, $"must have 1 to {LongestName} characters, none of them a control character", FaultTypes.WrongLength);
    }

    public string? RequiredText(string name) => _members.ValueKind is JsonValueKind.Object && Find(name) is null
        ? Refuse<string>(name, "is missing", FaultTypes.Missing)
        : Text(name);

    public string? Uid(string name)
    {
        if (Text(name) is not { } text)
            return null;
        return ApplicationKey.TryParse(text, out var key) && !key.IsId
            ? text
            : Refuse<string>(name, "may hold letters, digits, '-', '_' and '.', and may not look like an id that this service gives", FaultTypes.WrongFormat);
    }

    public int? WholeNumber(string name, int least, int most)
    {
        if (Find(name) is not { } value)
            return null;
        var message = $"must be a whole number from {least} to {most}";
        if (value.ValueKind is not JsonValueKind.Number || !value.TryGetDecimal(out var number) || number != decimal.Truncate(number))
            return Refuse<int?>(name, message, FaultTypes.WrongType); // RFC 8259, section 6: 3600.0 is a whole number
        return number >= least && number <= most ? (int)number : Refuse<int?>(name, message, FaultTypes.OutOfRange);
    }

    /// <summary>Reads the names of features. They have only characters that need no encoding in a link.</summary>
    public string[]? Identifiers(string name)
    {
        if (Find(name) is not { } value)
            return null;
        return value.ValueKind is JsonValueKind.Array && value.GetArrayLength() <= MostEntries && value.EnumerateArray().All(IsIdentifier)
            ? [.. value.EnumerateArray().Select(entry => entry.GetString()!)]
            : Refuse<string[]>(name, $"must be at most {MostEntries} texts of letters, digits, '-', '_' and '.'", FaultTypes.WrongType);
    }

    /// <summary>Reads a list with at least one text. An empty list is refused, so that nobody takes it for "all".</summary>
    public string[]? TextList(string name)
    {
        if (Find(name) is not { } value)
            return null;
        return value.ValueKind is JsonValueKind.Array && value.GetArrayLength() is >= 1 and <= MostEntries && value.EnumerateArray().All(IsName)
            ? [.. value.EnumerateArray().Select(entry => entry.GetString()!)]
            : Refuse<string[]>(
                name, $"must be 1 to {MostEntries} texts of 1 to {LongestName} characters, none of them a control character", FaultTypes.WrongType);
    }

    public Dictionary<string, string>? Texts(string name)
    {
        if (Find(name) is not { } value)
            return null;
        return value.ValueKind is JsonValueKind.Object && value.GetPropertyCount() <= MostEntries && value.EnumerateObject().All(IsEntry)
            ? value.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!, StringComparer.Ordinal)
            : Refuse<Dictionary<string, string>>(
                name, $"must be at most {MostEntries} texts of at most {LongestValue} characters under names of 1 to {LongestName}", FaultTypes.WrongType);
    }

    /// <summary>Reads a member that has members of its own. Its faults are reported with the others.</summary>
    public BodyReader? Member(string name)
    {
        if (Find(name) is not { } value)
            return null;
        return value.ValueKind is JsonValueKind.Object
            ? new BodyReader(value, [.. _location, name], _faults)
            : Refuse<BodyReader>(name, "must be a JSON object", FaultTypes.WrongType);
    }

    /// <summary>Returns whether the body has the member, even if it is null.</summary>
    public bool Names(string name) => _members.ValueKind is JsonValueKind.Object && _members.TryGetProperty(name, out _);

    public bool HoldsNull(string name) => Names(name) && Find(name) is null;

    /// <summary>Refuses two names of the same member that were sent with different values.</summary>
    public void RefuseDifference(string name, string otherName) =>
        Refuse<string>(name, $"and {otherName} are one thing and must not differ", FaultTypes.Mismatch);

    /// <summary>Refuses a member that does not agree with another part of the request.</summary>
    public void RequireText(string name, string text)
    {
        if (Find(name) is not { } value)
            Refuse<string>(name, "is missing", FaultTypes.Missing);
        else if (value.ValueKind is JsonValueKind.String && !value.ValueEquals(text))
            Refuse<string>(name, $"must be \"{text}\"", FaultTypes.Mismatch);
    }

    private static BodyReader Empty(ApiError? unreadable) => new(default, [], []) { Unreadable = unreadable };

    /// <summary>Accepts plain text and a missing content type as JSON, because some releases of this API's clients do not declare their JSON.</summary>
    private static bool IsTakenAsJson(HttpRequest request) =>
        string.IsNullOrEmpty(request.ContentType)
        || request.HasJsonContentType()
        || request.ContentType.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase);

    private static async Task<BodyReader> ParseAsync(HttpContext context)
    {
        var read = await JsonBody.ParseAsync(context, document =>
        {
            Check(document.RootElement, isMap: false);
            return new BodyReader(document.RootElement.Clone(), ["body"], []);
        });
        return read.Fault is { } unreadable ? Empty(unreadable) : read.Value;
    }

    /// <summary>
    /// Finds two faults that the parser does not: half of a surrogate pair, which is found only when a text is read, and members that are equal except for
    /// letter case, which the other APIs refuse as well.
    /// </summary>
    /// <exception cref="InvalidOperationException">A text is not valid Unicode.</exception>
    /// <exception cref="JsonException">A member occurs twice.</exception>
    private static void Check(JsonElement value, bool isMap)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                _ = value.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var entry in value.EnumerateArray())
                    Check(entry, isMap: false);
                break;
            case JsonValueKind.Object:
                var names = new HashSet<string>(isMap ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
                foreach (var member in value.EnumerateObject())
                {
                    if (!names.Add(member.Name))
                        throw new JsonException();
                    Check(member.Value, isMap: member.NameEquals(Map));
                }

                break;
        }
    }

    private static bool IsIdentifier(JsonElement value) => value.ValueKind is JsonValueKind.String && Identifier().IsMatch(value.GetString()!);

    private static bool IsName(JsonElement value) =>
        value.ValueKind is JsonValueKind.String && value.GetString() is { Length: > 0 and <= LongestName } text && !text.Any(char.IsControl);

    private static bool IsEntry(JsonProperty entry) =>
        entry.Name is { Length: > 0 and <= LongestName } && entry.Value.ValueKind is JsonValueKind.String && entry.Value.GetString()!.Length <= LongestValue;

    [GeneratedRegex(@"^[a-zA-Z0-9\-_.]{1,256}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Identifier();

    private JsonElement? Find(string name) =>
        _members.ValueKind is JsonValueKind.Object && _members.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    private T? Refuse<T>(string name, string message, string type)
    {
        _faults.Add(new InputFault([.. _location, name], $"{name} {message}", type));
        return default;
    }
}
