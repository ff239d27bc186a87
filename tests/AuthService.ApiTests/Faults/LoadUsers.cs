using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Faults;

/// <summary>Whoever takes part in a load: people, one of whom may have few sessions enabled at a time, and a service.</summary>
internal sealed class LoadUsers
{
    /// <summary>How many sessions of <see cref="Limited"/> may be enabled for a product at a time.</summary>
    public const int Limit = 2;

    public LoadUsers(IReadOnlyList<Person> people, Person limited, Service service) => (People, Limited, Service) = (people, limited, service);

    public IReadOnlyList<Person> People { get; }

    public Person Limited { get; }

    public Service Service { get; }

    /// <summary>The refresh token of each session that was signed in, by its id.</summary>
    public ConcurrentDictionary<string, string> Sessions { get; } = new(StringComparer.Ordinal);

    public static async Task<LoadUsers> CreateAsync(Uri address, int people)
    {
        using var http = new HttpClient { BaseAddress = address };
        var admin = (await http.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword)).AccessToken;
        var gathered = new List<Person>();
        for (var i = 0; i < people; i++)
            gathered.Add(await AddPersonAsync(http, admin, []));
        var limited = await AddPersonAsync(http, admin, [new { serviceName = SessionCalls.Connect, maxConcurrentAccess = Limit }]);
        var id = NewName("_service");
        var service = await CreatePrincipalAsync(http, admin, new { id, type = "SERVICE" });
        return new LoadUsers(gathered, limited, new Service(id, service.Text("refreshToken")));
    }

    private static async Task<Person> AddPersonAsync(HttpClient http, string admin, object[] services)
    {
        var (id, password) = (NewName("person"), NewPassword());
        var person = await CreatePrincipalAsync(http, admin, new { id, password, services });
        return new Person(id, password, person.Text("uuid"));
    }

    private static Task<JsonElement> CreatePrincipalAsync(HttpClient http, string admin, object principal) =>
        http.SendAsync(HttpMethod.Post, "/admin/principals", admin, principal).ExpectAsync(HttpStatusCode.Created);
}
