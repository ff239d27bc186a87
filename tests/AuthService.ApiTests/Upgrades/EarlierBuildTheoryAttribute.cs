using Xunit;

namespace AuthService.ApiTests.Upgrades;

/// <summary>Runs only when an earlier build of the service is available: tests/upgrade.sh makes one.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EarlierBuildTheoryAttribute : TheoryAttribute
{
    public EarlierBuildTheoryAttribute()
    {
        if (Path is null)
            Skip = "There is no earlier build here: tests/upgrade.sh COMMIT";
    }

    /// <summary>The path of the earlier build's AuthService.dll.</summary>
    public static string? Path { get; } = Environment.GetEnvironmentVariable("AUTHSERVICE_TESTS_EARLIER") is { Length: > 0 } path ? path : null;
}
