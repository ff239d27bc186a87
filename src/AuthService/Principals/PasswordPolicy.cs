using System.Globalization;

namespace AuthService.Principals;

/// <summary>Which passwords may be set. What was set once is never judged again at sign-in.</summary>
internal static class PasswordPolicy
{
    /// <summary>The estimate takes time that grows with the square of the length; more than this is strong by length alone.</summary>
    private const int EstimatedLength = 64;

    /// <summary>On zxcvbn's scale from 0 to 4: what falls below it is cracked within hours, however slow the hash.</summary>
    private const int LeastScore = 2;

    /// <summary>The library fills its dictionaries on first use without guarding them.</summary>
    private static readonly Lock OneAtATime = new();

    /// <returns>What is wrong with the password, in words for the person who sets it; null when it may be set.</returns>
    public static string? FindFault(Password password, Principal owner)
    {
        var text = password.Reveal();
        if (text.Length < Password.MinimumLength)
            return $"The password must have at least {Password.MinimumLength.ToString(CultureInfo.InvariantCulture)} characters";
        string?[] known = [owner.Id, owner.FirstNames, owner.LastName, owner.Email, owner.OrgId, "authservice"];
        var words = known.OfType<string>().Where(word => word.Length > 2).ToArray();
        return Estimate(text[..Math.Min(text.Length, EstimatedLength)], words) < LeastScore
            ? "The password is too easily guessed: it is a common one, or made of a name or a pattern"
            : null;
    }

    private static int Estimate(string text, string[] words)
    {
        lock (OneAtATime)
            return Zxcvbn.Zxcvbn.MatchPassword(text, words).Score;
    }
}
