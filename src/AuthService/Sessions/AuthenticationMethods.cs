namespace AuthService.Sessions;

/// <summary>Names the ways in which a person proves who they are, with the values of RFC 8176.</summary>
internal static class AuthenticationMethods
{
    public const string Password = "pwd";
    public const string OneTimeCode = "otp";

    /// <summary>A passkey that never leaves its device.</summary>
    public const string HardwareKey = "hwk";

    /// <summary>A passkey that may be on several devices.</summary>
    public const string SoftwareKey = "swk";

    /// <summary>An identity provider authenticated the person.</summary>
    public const string Federated = "fed";

    /// <summary>Added to the methods when there were two factors among them.</summary>
    public const string Several = "mfa";

    /// <summary>The second step was skipped on a device on which the person completed it before. RFC 8176 has no value for this.</summary>
    public const string TrustedDevice = "trusted_device";

    public static bool AreSeveral(IReadOnlyList<string>? methods) => methods?.Contains(Several, StringComparer.Ordinal) ?? false;

    /// <summary>Returns whether these methods are enough for a sign-in where a second factor is required. A fresh proof of identity requires more.</summary>
    public static bool AreEnough(IReadOnlyList<string>? methods) =>
        AreSeveral(methods) || (methods?.Contains(TrustedDevice, StringComparer.Ordinal) ?? false);

    /// <summary>Adds one method.</summary>
    public static string[] With(IReadOnlyList<string>? methods, string further) => [.. (methods ?? []).Append(further).Distinct(StringComparer.Ordinal)];

    /// <summary>Adds a method that is the second factor.</summary>
    public static string[] WithSecond(IReadOnlyList<string>? methods, string second) => With(With(methods, second), Several);
}
