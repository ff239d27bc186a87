namespace AuthService.Benchmarks.Service;

/// <summary>An application, one of its app tokens, and the call that created the token. It may be repeated with its key.</summary>
/// <param name="Uid">The uid of the application.</param>
/// <param name="Token">The app token.</param>
/// <param name="Key">The Idempotency-Key of the call.</param>
internal sealed record PreparedApplication(string Uid, string Token, string Key)
{
    public static string PathOf(string uid) => $"/api/v1/auth/app-portal-access/{uid}";

    public static string BodyOf(string uid) => $$$"""{"application":{"name":"An application","uid":"{{{uid}}}"}}""";
}

/// <summary>Creates the applications of a run through the public API.</summary>
internal static class PreparedApplications
{
    public static async Task<IReadOnlyList<PreparedApplication>> MakeAsync(
        ServiceInstance instance, string serviceToken, int applications, CancellationToken cancellationToken)
    {
        using var client = new ServiceClient(instance);
        var made = new PreparedApplication[applications];
        await Parallel.ForAsync(0, applications, cancellationToken, async (i, cancellation) =>
        {
            var (uid, key) = ($"bench-application-{i:0000}", $"auto_{Guid.NewGuid()}");
            made[i] = new(uid, await client.OpenPortalAsync(serviceToken, PreparedApplication.PathOf(uid), PreparedApplication.BodyOf(uid), key, cancellation),
                key);
        });
        return made;
    }
}
