using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AuthService.Client.Revocations;

internal sealed class RevocationHealthCheck(IRevocationStatus status) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal) { ["entries"] = status.Entries };
        if (status.Age is { } age)
            data["ageSeconds"] = age.TotalSeconds;
        return Task.FromResult(status.IsStale
            ? new HealthCheckResult(context.Registration.FailureStatus, "What is known of revocations is too old", exception: null, data)
            : HealthCheckResult.Healthy("What is known of revocations is fresh", data));
    }
}
