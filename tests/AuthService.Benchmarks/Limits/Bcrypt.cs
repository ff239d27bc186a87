namespace AuthService.Benchmarks.Limits;

/// <summary>Hashes with BCrypt.Net at the cost that the service uses.</summary>
internal static class Bcrypt
{
    private const int Cost = 12;

    /// <summary>Does the work of one password check.</summary>
    public static void Hash() => BCrypt.Net.BCrypt.HashPassword("benchmark password", $"$2b${Cost}$abcdefghijklmnopqrstuu");
}
