using AuthService.Client.Revocations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AuthService.Client;

/// <summary>Tells a probe whether the knowledge of revocations is fresh.</summary>
public static class RevocationHealth
{
    /// <summary>
    /// Adds a check that fails while <see cref="IRevocationStatus.IsStale"/>, and as long as <see cref="AuthServiceBearerOptions.Revocation"/> is not set.
    /// Its data are <c>ageSeconds</c> and <c>entries</c>.
    /// </summary>
    /// <param name="checks">The service's own.</param>
    /// <param name="name">Of the check.</param>
    /// <param name="failureStatus">What a failure is reported as; Unhealthy unless it is given.</param>
    /// <param name="tags">For choosing among checks.</param>
    /// <returns>For adding further checks.</returns>
    public static IHealthChecksBuilder AddAuthServiceRevocation(
        this IHealthChecksBuilder checks,
        string name = "authservice-revocation",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(checks);
        return checks.AddCheck<RevocationHealthCheck>(name, failureStatus, tags ?? []);
    }
}
