using System.Diagnostics;
using System.Globalization;
using AuthService.ApiTests.Hostile.Fuzzing;

namespace AuthService.ApiTests.Hostile.OddClients;

/// <summary>The result of a call by curl.</summary>
/// <param name="ExitCode">The exit code, which is 0 when there was a response.</param>
/// <param name="Version">The HTTP version of the response, as curl writes it: 1.1 or 2.</param>
internal sealed record CurlResult(int ExitCode, int Status, string Version, string Body)
{
    public RawAnswer Answer => new(Status, new Dictionary<string, string>(StringComparer.Ordinal), Body);
}

/// <summary>Calls by curl, in a process for each call.</summary>
internal static class Curl
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="arguments">The unusual options of the call.</param>
    public static async Task<CurlResult> SendAsync(Uri server, RawRequest request, params string[] arguments)
    {
        var start = new ProcessStartInfo("curl", [.. All(server, request), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var proxy in (string[])["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])
            start.Environment.Remove(proxy);
        using var curl = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(Patience);
        await curl.StandardInput.WriteAsync(request.Body);
        curl.StandardInput.Close();
        var errors = curl.StandardError.ReadToEndAsync(timeout.Token);
        var output = await curl.StandardOutput.ReadToEndAsync(timeout.Token);
        await curl.WaitForExitAsync(timeout.Token);
        var (body, about) = (output[..output.LastIndexOf('\n')], output[(output.LastIndexOf('\n') + 1)..].Split(' '));
        return new CurlResult(
            curl.ExitCode, int.Parse(about[0], CultureInfo.InvariantCulture), about[1], curl.ExitCode is 0 ? body : await errors);
    }

    private static IEnumerable<string> All(Uri server, RawRequest request)
    {
        yield return "--silent";
        yield return "--show-error";
        yield return "--insecure"; // no authority signed the certificate
        yield return "--max-time";
        yield return "30";
        yield return "--write-out";
        yield return "\\n%{http_code} %{http_version}";
        yield return "--request";
        yield return request.Method;
        if (request.Body is not null)
        {
            yield return "--data-binary";
            yield return "@-";
        }

        foreach (var (name, value) in request.Headers.Where(header => header.Name is not "Host"))
        {
            yield return "--header";
            yield return $"{name}: {value}";
        }

        yield return new Uri(server, request.Target).AbsoluteUri;
    }
}
