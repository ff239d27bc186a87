namespace AuthService.Api.Http.Input;

internal static class Ids
{
    /// <summary>A malformed id becomes <see cref="Guid.Empty"/>, which nothing has: it is refused as an unknown one.</summary>
    public static Guid Read(string? text) => Guid.TryParseExact(text, "D", out var id) ? id : Guid.Empty;
}
