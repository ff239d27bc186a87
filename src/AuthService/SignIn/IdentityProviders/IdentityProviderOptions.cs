using AuthService.Configuration;
using Microsoft.Extensions.Options;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>Section <c>IdentityProviders</c>: the OpenID Connect providers that people sign in with, in the order in which they are shown.</summary>
internal sealed class IdentityProviderOptions : List<IdentityProvider>
{
    public const string Section = "IdentityProviders";

    /// <summary>Finds a provider by its title, ignoring case: titles are part of addresses, and people change the case of letters in them.</summary>
    public IdentityProvider? Find(string? title) => Find(provider => provider.Title.Equals(title, StringComparison.OrdinalIgnoreCase));

    /// <summary>The titles of the providers with another issuer.</summary>
    public string[] OtherThan(string issuer) => [.. this.Where(provider => !provider.HasIssuer(issuer)).Select(provider => provider.Title)];

    /// <param name="id">An id from <see cref="IdOf"/>.</param>
    public IdentityProvider? Find(int id) => id > 0 && id <= Count ? this[id - 1] : null;

    /// <summary>Checks whether a configured provider has this issuer.</summary>
    public bool HasIssuer(string issuer) => Exists(provider => provider.HasIssuer(issuer));

    /// <summary>Returns the id of a provider on sign-in pages: its position in the settings, from 1.</summary>
    public int IdOf(IdentityProvider provider) => IndexOf(provider) + 1;
}

internal sealed class IdentityProvider
{
    /// <summary>The title that people read on the button. It is also part of the callback's address and is stored in sessions.</summary>
    public string Title { get; set; } = "";

    /// <summary>The provider's issuer, the address below which its metadata is published (OpenID Connect Discovery 1.0).</summary>
    public string Authority { get; set; } = "";

    public string ClientId { get; set; } = "";

    [Secret]
    public string ClientSecret { get; set; } = "";

    /// <summary>The scopes to request. By default <c>openid</c>, <c>profile</c> and <c>email</c>; <c>openid</c> is always requested.</summary>
    public IList<string> Scopes { get; } = [];

    /// <summary>The address of a logo for sign-in pages of other sites. The pages of this service show nothing from other sites.</summary>
    public string? LogoUrl { get; set; }

    /// <summary>Whether somebody who is not known here gets an account at the first sign-in.</summary>
    public bool CreatePersons { get; set; }

    /// <summary>Whether a first sign-in is linked to the one person here who has the same address, if both sides have verified it.</summary>
    public bool LinkByVerifiedEmail { get; set; }

    /// <summary>The rule for roles; null when the provider decides nothing about roles.</summary>
    public ProviderRole? Role { get; set; }

    /// <summary>Checks whether the provider has this issuer. A slash at the end is ignored, because settings are written with and without it.</summary>
    public bool HasIssuer(string issuer) => Authority.TrimEnd('/').Equals(issuer.TrimEnd('/'), StringComparison.Ordinal);

    public IEnumerable<string> ScopesInUse => Scopes is [] ? ["openid", "profile", "email"] : Scopes.Prepend("openid").Distinct(StringComparer.Ordinal);
}

/// <summary>
/// The role of people who sign in with the provider, decided at each sign-in: <c>ADMIN</c> when the claim has one of the values, <c>USER</c> otherwise.
/// </summary>
internal sealed class ProviderRole
{
    /// <summary>The name of the claim; a dot leads into an object (<c>realm_access.roles</c>).</summary>
    public string Claim { get; set; } = "";

    /// <summary>The values of the claim that make a person an administrator.</summary>
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
