namespace AuthService.Sessions;

/// <summary>How a person proved who they are, in the words of RFC 8176.</summary>
internal static class AuthenticationMethods
{
    public const string Password = "pwd";
    public const string OneTimeCode = "otp";

    /// <summary>A passkey that never leaves its device.</summary>
    public const string HardwareKey = "hwk";

    /// <summary>A passkey that may be on several devices.</summary>
    public const string SoftwareKey = "swk";

    /// <summary>An identity provider has seen to it.</summary>
    public const string Federated = "fed";

    /// <summary>Stands beside the methods when there were two factors among them.</summary>
    public const string Several = "mfa";

    /// <summary>The second step was skipped on a device where it was shown before; RFC 8176 has no word for it.</summary>
    public const string TrustedDevice = "trusted_device";

    public static bool AreSeveral(IReadOnlyList<string>? methods) => methods?.Contains(Several, StringComparer.Ordinal) ?? false;

    /// <summary>Whether they are what a sign-in takes where a second factor is demanded. A fresh proof takes more.</summary>
    public static bool AreEnough(IReadOnlyList<string>? methods) =>
        AreSeveral(methods) || (methods?.Contains(TrustedDevice, StringComparer.Ordinal) ?? false);

    /// <summary>The same with one more.</summary>
    public static string[] With(IReadOnlyList<string>? methods, string further) => [.. (methods ?? []).Append(further).Distinct(StringComparer.Ordinal)];

    /// <summary>The same with one that makes it two factors.</summary>
    public static string[] WithSecond(IReadOnlyList<string>? methods, string second) => With(With(methods, second), Several);
}
