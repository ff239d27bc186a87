using System.ComponentModel.DataAnnotations;

namespace AuthService.Principals;

/// <summary>Section <c>Passwords</c>.</summary>
internal sealed class PasswordOptions
{
    public const string Section = "Passwords";

    /// <summary>The power of two of bcrypt's rounds; each step doubles the time of a sign-in. Older hashes are raised at sign-in.</summary>
    [Range(4, 17, ErrorMessage = "Passwords:BcryptCost must be from 4 to 17")]
    public int BcryptCost { get; set; } = 12;
}
