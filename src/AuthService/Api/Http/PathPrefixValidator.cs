using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http;

/// <summary>
/// Refuses a prefix that begins like a path of this service. With the prefix <c>/auth</c>, the path <c>/auth/login</c> would be ambiguous: a proxy may have
/// removed the prefix from <c>/auth/auth/login</c>, or kept it before <c>/login</c>.
/// </summary>
/// <param name="own">The paths with which the routes of this service begin.</param>
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
