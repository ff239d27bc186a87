using System.Globalization;
using Microsoft.Extensions.Options;

namespace AuthService.Principals.Passwords;

/// <summary>Decides which passwords may be set. A password that was set is not checked again at sign-in.</summary>
internal sealed class PasswordPolicy(IOptionsMonitor<PasswordOptions> options)
{
    /// <summary>The message for a person who sets the password that they already have.</summary>
    public const string Unchanged = "The new password must differ from the old one";

    /// <summary>
    /// The number of characters that are estimated. The time of the estimate grows with the square of the length, and a longer password is strong by its length
    /// alone.
    /// </summary>
    private const int EstimatedLength = 64;

    /// <summary>The lowest accepted score on zxcvbn's scale from 0 to 4. A password below it is cracked within hours, even with a slow hash.</summary>
    private const int LeastScore = 2;

    /// <summary>A shared estimator: each instance reads its dictionaries again, which takes twenty times as long as an estimate.</summary>
    private static readonly Zxcvbn.Zxcvbn Estimator = PrepareEstimator();

    public int MinimumLength => options.CurrentValue.MinimumLength;

    /// <summary>The minimum length for administrators, which is never less than the general one.</summary>
    public int MinimumLengthForAdministrators => Math.Max(MinimumLength, options.CurrentValue.MinimumLengthForAdministrators);

    public int MinimumFor(Role role) => role is Role.Admin ? MinimumLengthForAdministrators : MinimumLength;

    /// <param name="minimum">The minimum number of characters.</param>
    /// <returns>The message for a person with a password that is too short.</returns>
    public static string TooShort(int minimum) => $"The password must have at least {minimum.ToString(CultureInfo.InvariantCulture)} characters";

    /// <returns>The fault of the password, as a text for the person who sets it; null when it may be set.</returns>
    public string? FindFault(Password password, Principal owner) => FindFault(password, owner, owner.Role);

    /// <summary>Checks a password for an owner who gets another role in the same change.</summary>
    public string? FindFault(Password password, Principal owner, Role role)
    {
        var text = password.Reveal();
        var minimum = MinimumFor(role);
        if (password.Length < minimum)
            return TooShort(minimum);
        if (RepeatsLessThan(minimum, text))
            return "The password is too easily guessed: it repeats one pattern";
        string[] known = [owner.Id, .. owner.Profile.Texts, "authservice"];
        var words = known.Where(word => word.Length > 2).ToArray();
        return Estimate(text[..Math.Min(text.Length, EstimatedLength)], words) < LeastScore
            ? "The password is too easily guessed: it is a common one, or made of a name or a pattern"
            : null;
    }

    /// <summary>
    /// Returns whether the password repeats one pattern that is shorter than a password must be. Such a password is only as strong as the pattern. Characters
    /// are what the person sees as characters, in any letter case; the last repetition may be incomplete.
    /// </summary>
    private static bool RepeatsLessThan(int minimum, string text)
    {
        var starts = StringInfo.ParseCombiningCharacters(text);
        string[] elements = [.. starts.Select((start, i) => text[start..(i + 1 < starts.Length ? starts[i + 1] : text.Length)])];
        return Enumerable.Range(1, Math.Min(minimum - 1, elements.Length / 2)).Any(length =>
            elements.Skip(length).Zip(elements, (one, before) => string.Equals(one, before, StringComparison.OrdinalIgnoreCase)).All(isSame => isSame));
    }

    private static int Estimate(string text, string[] words) => Estimator.EvaluatePassword(text, words).Score;

    /// <summary>Creates the estimator and reads its dictionaries before several threads use it.</summary>
    private static Zxcvbn.Zxcvbn PrepareEstimator()
    {
        var estimator = new Zxcvbn.Zxcvbn();
        estimator.EvaluatePassword("Tr0ub4dor&3");
        return estimator;
    }
}
