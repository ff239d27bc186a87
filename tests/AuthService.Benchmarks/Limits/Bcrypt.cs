namespace AuthService.Benchmarks.Limits;

/// <summary>BCrypt.Net, which the service hashes with, at the cost that the service uses.</summary>
internal static class Bcrypt
{
    private const int Cost = 12;

    /// <summary>One password check's worth of work.</summary>
    public static void Hash() => BCrypt.Net.BCrypt.HashPassword("benchmark password", $"$2b${Cost}$abcdefghijklmnopqrstuu");
}
