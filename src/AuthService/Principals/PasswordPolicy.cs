using System.Globalization;
using Microsoft.Extensions.Options;

namespace AuthService.Principals;

/// <summary>Which passwords may be set. What was set once is never judged again at sign-in.</summary>
internal sealed class PasswordPolicy(IOptionsMonitor<PasswordOptions> options)
{
    /// <summary>What a person is told who sets the password that they have.</summary>
    public const string Unchanged = "The new password must differ from the old one";

    /// <summary>The estimate takes time that grows with the square of the length; more than this is strong by length alone.</summary>
    private const int EstimatedLength = 64;

    /// <summary>On zxcvbn's scale from 0 to 4: what falls below it is cracked within hours, however slow the hash.</summary>
    private const int LeastScore = 2;

    /// <summary>One for all, as each reads its dictionaries anew, which takes twenty times as long as an estimate.</summary>
    private static readonly Zxcvbn.Zxcvbn Estimator = PrepareEstimator();

    public int MinimumLength => options.CurrentValue.MinimumLength;

    /// <summary>Never less than everybody's.</summary>
    public int MinimumLengthForAdministrators => Math.Max(MinimumLength, options.CurrentValue.MinimumLengthForAdministrators);

    /// <param name="minimum">How many characters the owner's password must have.</param>
    /// <returns>What a person is told whose password is too short.</returns>
    public static string TooShort(int minimum) => $"The password must have at least {minimum.ToString(CultureInfo.InvariantCulture)} characters";

    /// <returns>What is wrong with the password, in words for the person who sets it; null when it may be set.</returns>
    public string? FindFault(Password password, Principal owner) => FindFault(password, owner, owner.Role);

    /// <summary>The same for an owner who gets another role with it.</summary>
    public string? FindFault(Password password, Principal owner, Role role)
    {
        var text = password.Reveal();
        var minimum = role is Role.Admin ? MinimumLengthForAdministrators : MinimumLength;
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
    /// Is it one pattern, two times or more, of fewer characters than a password needs? A repeated pattern is as strong as the pattern alone. It
    /// consists of what the person sees as characters, in any letter case; the last repetition may be cut.
    /// </summary>
    private static bool RepeatsLessThan(int minimum, string text)
    {
        var starts = StringInfo.ParseCombiningCharacters(text);
        string[] elements = [.. starts.Select((start, i) => text[start..(i + 1 < starts.Length ? starts[i + 1] : text.Length)])];
        return Enumerable.Range(1, Math.Min(minimum - 1, elements.Length / 2)).Any(length =>
            elements.Skip(length).Zip(elements, (one, before) => string.Equals(one, before, StringComparison.OrdinalIgnoreCase)).All(isSame => isSame));
    }

    private static int Estimate(string text, string[] words) => Estimator.EvaluatePassword(text, words).Score;

    /// <summary>Reads the dictionaries before several threads use them.</summary>
    private static Zxcvbn.Zxcvbn PrepareEstimator()
    {
        var estimator = new Zxcvbn.Zxcvbn();
        estimator.EvaluatePassword("Tr0ub4dor&3");
        return estimator;
    }
}
