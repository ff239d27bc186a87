using AuthService.Configuration;
using Microsoft.Extensions.Options;

namespace AuthService.Principals;

/// <summary>Section <c>Passwords</c>.</summary>
internal sealed class PasswordOptions : IWarnsOfWeakness
{
    public const string Section = "Passwords";
    public const int LeastCost = 4;
    public const int GreatestCost = 17;

    /// <summary>NIST SP 800-63B-4 forbids shorter ones.</summary>
    public const int LeastMinimumLength = 8;

    /// <summary>The same publication wants passwords of 64 characters to be taken, so no more may be asked for.</summary>
    public const int GreatestMinimumLength = 64;

    private const int UsualCost = 10;

    /// <summary>The power of two of bcrypt's rounds; each step doubles the time of a sign-in. Older hashes are raised at sign-in.</summary>
    [ReadAtStart]
    public int BcryptCost { get; set; } = 12;

    /// <summary>
    /// A password that an administrator or a command sets is then good for one sign-in, which requests a new one, unless the call says
    /// otherwise with <c>passwordResetRequested</c>.
    /// </summary>
    public bool TemporaryWhenSetByAdministrator { get; set; } = true;

    /// <summary>How many characters a new password must have, in code points. Passwords that are there stay good.</summary>
    public int MinimumLength { get; set; } = 8;

    /// <summary>The same for administrators, where it is more: no second factor stands beside their password.</summary>
    public int MinimumLengthForAdministrators { get; set; } = 15;

    public IEnumerable<string> FindWeaknesses() =>
        BcryptCost < UsualCost
            ? [$"{Section}:{nameof(BcryptCost)} is {BcryptCost}: stolen hashes are guessed quickly; {UsualCost} is the least, 12 is usual"]
            : [];
}

internal sealed class PasswordOptionsValidator : IValidateOptions<PasswordOptions>
{
    public ValidateOptionsResult Validate(string? name, PasswordOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        faults.RequireInRange(Key(nameof(options.BcryptCost)), options.BcryptCost, PasswordOptions.LeastCost, PasswordOptions.GreatestCost);
        RequireLength(nameof(options.MinimumLength), options.MinimumLength);
        RequireLength(nameof(options.MinimumLengthForAdministrators), options.MinimumLengthForAdministrators);
        return faults.Build();

        void RequireLength(string setting, int length) =>
            faults.RequireInRange(Key(setting), length, PasswordOptions.LeastMinimumLength, PasswordOptions.GreatestMinimumLength);
    }

    private static string Key(string setting) => $"{PasswordOptions.Section}:{setting}";
}
