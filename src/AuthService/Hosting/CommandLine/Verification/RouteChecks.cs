using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;

namespace AuthService.Hosting.CommandLine.Verification;

/// <summary>Checks that every route that needs a credential refuses a caller with none or a forged one. The routes are those of this build.</summary>
/// <param name="deployment">The deployment to verify.</param>
/// <param name="endpoints">The routes of this build.</param>
/// <param name="isReadOnly">Whether nothing may change, even if the deployment does not refuse a call. Then only GET routes are called.</param>
internal sealed partial class RouteChecks(Deployment deployment, IReadOnlyList<Endpoint> endpoints, bool isReadOnly)
{
    /// <summary>A well-formed access token without a valid signature.</summary>
    private const string Forged = "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJhZG1pbiIsInJvbGUiOiJBRE1JTiIsImF1ZCI6WyJhbGw6d3JpdGUiXX0.AAAA";

    public IEnumerable<Check> All()
    {
        var protectedRoutes = endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null)
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [], (endpoint, method) => (endpoint, method))
            .Where(route => !isReadOnly || HttpMethods.IsGet(route.method))
            .Select(route => new Call(HttpMethod.Parse(route.method), PathOf(route.endpoint)))
            .OrderBy(call => call.Path, StringComparer.Ordinal)
            .ToList();
        yield return new("routes", $"{protectedRoutes.Count} refuse calls without a credential", () => ExpectRefusalsAsync(protectedRoutes));
        var forged = protectedRoutes.ConvertAll(call => call with { Bearer = Forged });
        yield return new("routes", $"{forged.Count} refuse a forged access token", () => ExpectRefusalsAsync(forged));
    }

    private async Task ExpectRefusalsAsync(List<Call> calls)
    {
        CheckFailedException.Unless(calls.Count > 0, "This build knows no such route");
        List<string> open = [];
        foreach (var call in calls)
        {
            var answer = await deployment.SendAsync(call);
            if (answer.Status is not HttpStatusCode.Unauthorized)
                open.Add($"{answer.Call} was answered {(int)answer.Status}");
            else if (answer.Header("WWW-Authenticate") is null)
                open.Add($"{answer.Call} was answered 401 without WWW-Authenticate");
        }

        CheckFailedException.Unless(open.Count == 0, string.Join("; ", open));
    }

    /// <summary>Gets the path of a route, with an id that does not exist.</summary>
    private static string PathOf(RouteEndpoint endpoint) => Parameter().Replace($"/{endpoint.RoutePattern.RawText!.Trim('/')}", $"{Guid.Empty}");

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
