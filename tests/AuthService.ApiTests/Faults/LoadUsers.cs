using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Faults;

/// <summary>The tokens of a person who has signed in.</summary>
internal sealed record SessionTokens(string Refresh, string Access)
{
    public static SessionTokens Of(Call signIn) => new(signIn.Text("refreshToken")!, signIn.Text("accessToken")!);
}

/// <summary>
/// The users of a load: people, one of them with few sessions enabled at a time, and a service. In a trial there are also people who have a second
/// factor, still have to set one up, or change their account by mail.
/// </summary>
internal sealed class LoadUsers
{
    /// <summary>The number of sessions of <see cref="Limited"/> that may be enabled for a product at a time.</summary>
    public const int Limit = 2;

    public LoadUsers(IReadOnlyList<Person> people, Person limited, Service service) => (People, Limited, Service) = (people, limited, service);

    public IReadOnlyList<Person> People { get; }

    public Person Limited { get; }

    public Service Service { get; }

    public IReadOnlyList<AppUser> WithApp { get; init; } = [];

    public IReadOnlyList<PasskeyUser> WithPasskey { get; init; } = [];

    public IReadOnlyList<MailUser> WithMail { get; init; } = [];

    /// <summary>Administrators who have not set up the second factor that is required of them.</summary>
    public IReadOnlyList<Person> Owing { get; init; } = [];

    /// <summary>The person who makes the last calls, when all other callers have stopped.</summary>
    public MailUser? Last { get; init; }

    /// <summary>The tokens of each session that was signed in, the last access token among them, by its id.</summary>
    public ConcurrentDictionary<string, SessionTokens> Sessions { get; } = new(StringComparer.Ordinal);

    /// <param name="http">Calls an instance.</param>
    /// <param name="admin">The administrator's access token.</param>
    /// <param name="people">The number of people.</param>
    public static async Task<LoadUsers> CreateAsync(HttpClient http, string admin, int people)
    {
        var gathered = new List<Person>();
        for (var i = 0; i < people; i++)
            gathered.Add(await AddPersonAsync(http, admin, new { }));
        var limited = await AddPersonAsync(http, admin, new { services = new[] { new { serviceName = SessionCalls.Connect, maxConcurrentAccess = Limit } } });
        var id = NewName("_service");
        var service = await CreatePrincipalAsync(http, admin, new { id, type = "SERVICE" });
        return new LoadUsers(gathered, limited, new Service(id, service.Text("refreshToken")));
    }

    /// <summary>Creates all users of a trial.</summary>
    public static async Task<LoadUsers> CreateAllAsync(HttpClient http, Surroundings around, int people)
    {
        var admin = await around.SignInAdministratorAsync(http);
        var users = await CreateAsync(http, admin, people);
        var (address, lastAddress) = (MailUser.AddressOf(NewName("mail"), 0), MailUser.AddressOf(NewName("last"), 0));
        return new LoadUsers(users.People, users.Limited, users.Service)
        {
            WithApp =
            [
                await AppUser.CreateAsync(http, await AddPersonAsync(http, admin, new { })),
                await AppUser.CreateAsync(http, await AddPersonAsync(http, admin, new { })),
            ],
            WithPasskey = [await PasskeyUser.CreateAsync(http, await AddPersonAsync(http, admin, new { }))],
            WithMail = [new MailUser(await AddPersonAsync(http, admin, new { email = address }), address, around.Mails)],
            Owing = [await AddPersonAsync(http, admin, new { role = "ADMIN" })],
            Last = new MailUser(await AddPersonAsync(http, admin, new { email = lastAddress }), lastAddress, around.Mails),
        };
    }

    /// <param name="http">Calls an instance.</param>
    /// <param name="admin">The administrator's access token.</param>
    /// <param name="facts">Further facts beside name and password.</param>
    private static async Task<Person> AddPersonAsync(HttpClient http, string admin, object facts)
    {
        var (id, password) = (NewName("person"), NewPassword());
        var principal = JsonSerializer.SerializeToNode(facts)!.AsObject();
        (principal["id"], principal["password"]) = (id, password);
        var person = await CreatePrincipalAsync(http, admin, principal);
        return new Person(id, password, person.Text("uuid"));
    }

    private static Task<JsonElement> CreatePrincipalAsync(HttpClient http, string admin, object principal) =>
        http.SendAsync(HttpMethod.Post, "/admin/principals", admin, principal).ExpectAsync(HttpStatusCode.Created);
}
