using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http;

/// <summary>
/// Refuses a prefix that begins as an own path does: of <c>/auth/login</c> nobody could say whether a proxy has taken the prefix off
/// (<c>/auth/auth/login</c>) or left it (<c>/login</c>).
/// </summary>
/// <param name="own">The paths that the routes begin with.</param>
internal sealed class PathPrefixValidator(IEnumerable<string> own) : IValidateOptions<PublicAddressOptions>
{
    private readonly HashSet<string> _own = own.Select(FirstSegment).ToHashSet(StringComparer.OrdinalIgnoreCase);

    public ValidateOptionsResult Validate(string? name, PublicAddressOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        var isRead = Uri.TryCreate(options.PublicAddress, UriKind.Absolute, out _);
        if (isRead && options.PathPrefix.Length > 0 && _own.Contains(FirstSegment(options.PathPrefix)))
        {
            faults.AddError(
                $"{PublicAddressOptions.Setting} must not have a path that begins as those of this service do, it is \"{options.PublicAddress}\" "
                + "(possible is /auth-service)");
        }

        return faults.Build();
    }

    private static string FirstSegment(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "";
}
