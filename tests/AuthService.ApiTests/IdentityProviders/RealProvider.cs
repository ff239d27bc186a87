using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.IdentityProviders;

/// <summary>The npm package oidc-provider. Its pages accept any name and password; it supports pushed authorization requests (RFC 9126).</summary>
internal sealed partial class RealProvider : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static readonly string Folder = FindFolder();

    private readonly Process _process;

    private RealProvider(Process process, string issuer) => (_process, Issuer) = (process, issuer);

    public string Issuer { get; }

    /// <param name="title">The title of the provider in the settings.</param>
    /// <param name="address">The address of the service.</param>
    public static async Task<RealProvider> StartAsync(string title, string address)
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "oidc-provider")))
            throw new InvalidOperationException($"The npm packages are missing: run tests/run.sh, or npm ci in {Folder}.");
        var process = Process.Start(new ProcessStartInfo("node", ["provider.mjs", $"{address}/auth/idp/{Uri.EscapeDataString(title)}/callback"])
        {
            UseShellExecute = false,
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        using var timeout = new CancellationTokenSource(Patience);
        while (await process.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
        {
            if (line.StartsWith("http://", StringComparison.Ordinal))
                return new RealProvider(process, line);
        }

        throw new InvalidOperationException("node did not start");
    }

    public static string FreeAddress() => $"http://127.0.0.1:{LocalServer.FreePort()}";

    public Settings SettingsFor(string title) => new()
    {
        ["IdentityProviders:0:Title"] = title,
        ["IdentityProviders:0:Authority"] = Issuer,
        ["IdentityProviders:0:ClientId"] = "authservice",
        ["IdentityProviders:0:ClientSecret"] = "secret-of-the-client",
        ["IdentityProviders:0:CreatePersons"] = "true",
    };

    /// <summary>Fills in the pages of the provider, as a person does.</summary>
    /// <returns>The callback address.</returns>
    public static async Task<Uri> LogInAsync(Uri address, string name)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, CookieContainer = new CookieContainer() });
        var response = await http.GetAsync(address);
        while (true)
        {
            if (response.Headers.Location is { } location)
            {
                address = new Uri(address, location);
                if (address.AbsolutePath.EndsWith("/callback", StringComparison.Ordinal))
                    return address;
                response = await http.GetAsync(address);
                continue;
            }

            var page = await response.Content.ReadAsStringAsync();
            if (response.StatusCode is not HttpStatusCode.OK || !PromptField().IsMatch(page))
                throw new InvalidOperationException($"{address}: {response.StatusCode} {page}");
            var prompt = PromptField().Match(page).Groups["prompt"].Value;
            response = await http.PostAsync(address, new FormUrlEncodedContent([new("prompt", prompt), new("login", name), new("password", "any")]));
        }
    }

    /// <summary>Closes the standard input, which stops the process.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var timeout = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(timeout.Token);
        _process.Dispose();
    }

    private static string FindFolder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "Provider");

    [GeneratedRegex("""name="prompt" value="(?<prompt>[a-z]+)""", RegexOptions.NonBacktracking)]
    private static partial Regex PromptField();
}
