using AuthService.Configuration;
using Microsoft.Extensions.Options;

namespace AuthService.Principals.Passwords;

/// <summary>Section <c>Passwords</c>: how passwords are hashed and which may be set.</summary>
internal sealed class PasswordOptions : IWarnsOfWeakness
{
    public const string Section = "Passwords";
    public const int LeastCost = 4;
    public const int GreatestCost = 17;

    /// <summary>The lowest minimum length: NIST SP 800-63B-4 forbids shorter passwords.</summary>
    public const int LeastMinimumLength = 8;

    /// <summary>The greatest minimum length: the same publication requires that passwords of 64 characters are accepted.</summary>
    public const int GreatestMinimumLength = 64;

    private const int UsualCost = 10;

    /// <summary>The cost of bcrypt, as a power of two; each step doubles the time of a sign-in. Older hashes are upgraded at sign-in.</summary>
    [ReadAtStart]
    public int BcryptCost { get; set; } = 12;

    /// <summary>
    /// Whether a password that an administrator or a command sets is temporary: it works for one sign-in, which requires a new one. The field
    /// <c>passwordResetRequested</c> of a request overrides this.
    /// </summary>
    public bool TemporaryWhenSetByAdministrator { get; set; } = true;

    /// <summary>The minimum length of a new password in characters (code points). Existing passwords stay valid.</summary>
    public int MinimumLength { get; set; } = 8;

    /// <summary>The minimum length for administrators, when it is greater: their password may be used without a second factor.</summary>
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
