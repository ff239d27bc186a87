using AuthService.Configuration;
using AuthService.Principals;
using Microsoft.Extensions.Options;

namespace AuthService.Sessions;

/// <summary>Says which persons need a second factor.</summary>
internal enum TwoFactorDemand
{
    None,
    Admins,
    Everyone,
}

/// <summary>Section <c>TwoFactor</c>: who needs a second factor, and how it works.</summary>
internal sealed class TwoFactorOptions
{
    public const string Section = "TwoFactor";

    /// <summary>The persons who need a second factor. One who signed in without it can only set it up.</summary>
    public TwoFactorDemand Required { get; set; } = TwoFactorDemand.None;

    /// <summary>The name that authenticator apps show beside the name of the person; by default the host of the public address.</summary>
    public string? DisplayName { get; set; }

    /// <summary>How long a trusted device may skip the second step after the person requested it there; null when no device may.</summary>
    [Duration(atMost: "365.00:00:00", atLeast: "00:01:00")]
    public TimeSpan? TrustDeviceFor { get; set; }

    public bool IsDemandedOf(Principal principal) => principal.Type is PrincipalType.Person && Required switch
    {
        TwoFactorDemand.None => false,
        TwoFactorDemand.Admins => principal.Role is Role.Admin,
        _ => true,
    };

    /// <summary>Returns whether the person must still show a second factor in a session that was started with these methods.</summary>
    public bool IsOwedBy(Principal principal, IReadOnlyList<string>? methods) => IsDemandedOf(principal) && !AuthenticationMethods.AreEnough(methods);
}

internal sealed class TwoFactorOptionsValidator : IValidateOptions<TwoFactorOptions>
{
    private const int LongestDisplayName = 64;

    public ValidateOptionsResult Validate(string? name, TwoFactorOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        if (options.DisplayName is { } shown && (shown.Length is 0 or > LongestDisplayName || shown.Contains(':') || shown.Any(char.IsControl)))
        {
            faults.AddError(
                $"{TwoFactorOptions.Section}:{nameof(options.DisplayName)} must have 1 to {LongestDisplayName} characters, none of them a colon, "
                + $"it is \"{shown}\"");
        }

        return faults.Build();
    }
}
