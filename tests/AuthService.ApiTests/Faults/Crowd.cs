using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Faults;

/// <summary>Whoever takes part in a load: people, one of whom may have few sessions enabled at a time, and a service.</summary>
internal sealed class Crowd
{
    /// <summary>How many sessions of <see cref="Limited"/> may be enabled for a product at a time.</summary>
    public const int Limit = 2;

    public Crowd(IReadOnlyList<Person> people, Person limited, Service service) => (People, Limited, Service) = (people, limited, service);

    public IReadOnlyList<Person> People { get; }

    public Person Limited { get; }

    public Service Service { get; }

    /// <summary>The refresh token of each session that was signed in, by its id.</summary>
    public ConcurrentDictionary<string, string> Sessions { get; } = new(StringComparer.Ordinal);

    public static async Task<Crowd> GatherAsync(Uri address, int people)
    {
        using var http = new HttpClient { BaseAddress = address };
        var signIn = new { username = AuthHost.AdminId, password = AuthHost.AdminPassword, service = "app" };
        var admin = (await AskAsync(http, "/auth/login", bearer: null, signIn)).Text("accessToken");
        var gathered = new List<Person>();
        for (var i = 0; i < people; i++)
            gathered.Add(await AddPersonAsync(http, admin, []));
        var limited = await AddPersonAsync(http, admin, [new { serviceName = SessionCalls.Connect, maxConcurrentAccess = Limit }]);
        var id = NewName("_service");
        var service = await AskAsync(http, "/admin/principals", admin, new { id, type = "SERVICE" });
        return new Crowd(gathered, limited, new Service(id, service.Text("refreshToken")));
    }

    private static async Task<Person> AddPersonAsync(HttpClient http, string admin, object[] services)
    {
        var (id, password) = (NewName("person"), NewPassword());
        var person = await AskAsync(http, "/admin/principals", admin, new { id, password, services });
        return new Person(id, password, person.Text("uuid"));
    }

    private static async Task<JsonElement> AskAsync(HttpClient http, string path, string? bearer, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Authorization = bearer is null ? null : new AuthenticationHeaderValue("Bearer", bearer);
        return await http.SendAsync(request).ExpectAsync(bearer is null ? HttpStatusCode.OK : HttpStatusCode.Created);
    }
}
