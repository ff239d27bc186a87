using AuthService.Configuration;
using Microsoft.Extensions.Options;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>Section <c>IdentityProviders</c>: the OpenID Connect providers that people sign in with, in the order in which they are shown.</summary>
internal sealed class IdentityProviderOptions : List<IdentityProvider>
{
    public const string Section = "IdentityProviders";

    /// <summary>Titles stand in addresses, whose letter case people change.</summary>
    public IdentityProvider? Find(string? title) => Find(provider => provider.Title.Equals(title, StringComparison.OrdinalIgnoreCase));

    /// <summary>The titles of the providers with another issuer.</summary>
    public string[] OtherThan(string issuer) => [.. this.Where(provider => !provider.HasIssuer(issuer)).Select(provider => provider.Title)];

    /// <param name="id">As <see cref="IdOf"/> gives it.</param>
    public IdentityProvider? Find(int id) => id > 0 && id <= Count ? this[id - 1] : null;

    /// <summary>Whether people can sign in who are known by this issuer.</summary>
    public bool HasIssuer(string issuer) => Exists(provider => provider.HasIssuer(issuer));

    /// <summary>What sign-in pages call it by: its place in the settings, from 1.</summary>
    public int IdOf(IdentityProvider provider) => IndexOf(provider) + 1;
}

internal sealed class IdentityProvider
{
    /// <summary>What people read on the button, and what stands in the callback's address and in sessions.</summary>
    public string Title { get; set; } = "";

    /// <summary>The provider's issuer, below which its metadata stands (OpenID Connect Discovery 1.0).</summary>
    public string Authority { get; set; } = "";

    public string ClientId { get; set; } = "";

    [Secret]
    public string ClientSecret { get; set; } = "";

    /// <summary>By default <c>openid</c>, <c>profile</c> and <c>email</c>; <c>openid</c> is always asked for.</summary>
    public IList<string> Scopes { get; } = [];

    /// <summary>For the pages of others; those of this service show nothing from elsewhere.</summary>
    public string? LogoUrl { get; set; }

    /// <summary>Whether somebody who is not known here gets an account at the first sign-in.</summary>
    public bool CreatePersons { get; set; }

    /// <summary>Whether a first sign-in belongs to the one person here who has the address, when both sides have verified it.</summary>
    public bool LinkByVerifiedEmail { get; set; }

    /// <summary>Without it the provider says nothing about roles.</summary>
    public ProviderRole? Role { get; set; }

    /// <summary>Settings are written with and without a slash at the end.</summary>
    public bool HasIssuer(string issuer) => Authority.TrimEnd('/').Equals(issuer.TrimEnd('/'), StringComparison.Ordinal);

    public IEnumerable<string> ScopesInUse => Scopes is [] ? ["openid", "profile", "email"] : Scopes.Prepend("openid").Distinct(StringComparer.Ordinal);
}

/// <summary>The role of the people of a provider, read at each sign-in: <c>ADMIN</c> with one of the values in the claim, <c>USER</c> otherwise.</summary>
internal sealed class ProviderRole
{
    /// <summary>Its name; within an object after a dot (<c>realm_access.roles</c>).</summary>
    public string Claim { get; set; } = "";

    /// <summary>What makes an administrator.</summary>
    public IList<string> Admin { get; } = [];
}

internal sealed class IdentityProviderOptionsValidator(IHostEnvironment environment) : IValidateOptions<IdentityProviderOptions>
{
    private const int LongestTitle = 64;

    public ValidateOptionsResult Validate(string? name, IdentityProviderOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        for (var i = 0; i < options.Count; i++)
        {
            foreach (var fault in FindFaults(options[i]))
                faults.AddError($"{IdentityProviderOptions.Section}:{i}:{fault}");
        }

        foreach (var repeated in options.GroupBy(provider => provider.Title, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
            faults.AddError($"{IdentityProviderOptions.Section}: the Title \"{repeated.Key}\" is given {repeated.Count()} times");
        return faults.Build();
    }

    private IEnumerable<string> FindFaults(IdentityProvider provider)
    {
        if (!IsTitle(provider.Title))
        {
            yield return $"Title must have 1 to {LongestTitle} letters, digits, spaces, dots, hyphens or underscores, and a letter or digit at each end, "
                + $"it is \"{provider.Title}\"";
        }

        if (!IsAuthority(provider.Authority))
        {
            yield return "Authority must be an https address without user, query and fragment (in Development also http at a loopback address), "
                + $"it is \"{provider.Authority}\"";
        }

        if (provider.ClientId.Length == 0)
            yield return "ClientId is missing";
        if (provider.ClientSecret.Length == 0)
            yield return "ClientSecret is missing";
        if (provider.Scopes.FirstOrDefault(scope => scope.Length == 0 || scope.Any(char.IsWhiteSpace)) is { } scope)
            yield return $"Scopes must be single words, one is \"{scope}\"";
        if (provider.LogoUrl is { } logo && !(Uri.TryCreate(logo, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"))
            yield return $"LogoUrl must be an http(s) address, it is \"{logo}\"";
        if (provider.Role is { } role && (role.Claim.Length == 0 || role.Admin.Count == 0))
            yield return "Role needs a Claim and at least one value in Admin";
    }

    private static bool IsTitle(string title) => title.Length is > 0 and <= LongestTitle
        && char.IsLetterOrDigit(title[0]) && char.IsLetterOrDigit(title[^1])
        && title.All(c => char.IsLetterOrDigit(c) || c is ' ' or '.' or '-' or '_');

    private bool IsAuthority(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { UserInfo: "", Query: "", Fragment: "" } && ProviderTransport.IsSecure(uri, environment);
}
