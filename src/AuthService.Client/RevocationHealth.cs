using AuthService.Client.Revocations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AuthService.Client;

/// <summary>Adds a health check of the knowledge of revocations.</summary>
public static class RevocationHealth
{
    /// <summary>
    /// Adds a check that fails while <see cref="IRevocationStatus.IsStale"/> is true. Without <see cref="AuthServiceBearerOptions.Revocation"/> it always
    /// fails. Its data are <c>ageSeconds</c> and <c>entries</c>.
    /// </summary>
    /// <param name="checks">The service's own.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">The status of a failure. Null means Unhealthy.</param>
    /// <param name="tags">Tags by which probes choose checks.</param>
    /// <returns>A builder for further checks.</returns>
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
