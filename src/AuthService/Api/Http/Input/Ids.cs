namespace AuthService.Api.Http.Input;

internal static class Ids
{
    /// <summary>Reads an id. A malformed one becomes <see cref="Guid.Empty"/>, which no row has, so that it is refused like an unknown id.</summary>
    public static Guid Read(string? text) => Guid.TryParseExact(text, "D", out var id) ? id : Guid.Empty;
}
