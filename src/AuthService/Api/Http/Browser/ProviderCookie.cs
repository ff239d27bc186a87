using System.Buffers.Text;
using System.Text;
using AuthService.Tokens;

namespace AuthService.Api.Http.Browser;

/// <summary>A sign-in that a browser has begun at an identity provider.</summary>
/// <param name="State">The state with which the browser returns.</param>
/// <param name="Service">The login service that it is for.</param>
/// <param name="OnPages">Whether the pages of this service continue it.</param>
internal sealed record BegunSignIn(ProviderState State, string Service, bool OnPages)
{
    /// <summary>Whether it only links an account to a person who is signed in, so that they can sign in with the provider later.</summary>
    public bool Links { get; init; }

    public bool PublicComputer { get; init; }
}

/// <summary>
/// The cookie that proves that a browser which returns from an identity provider is the one that went there. Without it, a browser could be signed in with the
/// answer to somebody else's request (login CSRF). It holds the last few sign-ins, one for each tab. It keeps them longer than they are valid, so that an
/// expired one can begin again.
/// </summary>
internal sealed class ProviderCookie(HostCookies cookies)
{
    private const int MostSignIns = 5;
    private const char Entries = '~';
    private const char Parts = '.';
    private const char Pages = 'p';
    private const char Linking = 'l';
    private const char Public = 'c';

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    public void Add(HttpContext context, BegunSignIn begun) => Set(context, [.. Read(context.Request).TakeLast(MostSignIns - 1), begun]);

    /// <returns>Null when this browser did not begin the sign-in, or when it has ended.</returns>
    public BegunSignIn? Find(HttpRequest request, string? state) => Read(request).FirstOrDefault(begun => begun.State.IsAddressText(state));

    public void Forget(HttpContext context, BegunSignIn begun) =>
        Set(context, [.. Read(context.Request).Where(other => other.State.Reveal() != begun.State.Reveal())]);

    private void Set(HttpContext context, BegunSignIn[] all)
    {
        if (all is [])
            cookies.Clear(context, PublicNames.ProviderCookie);
        else
            cookies.Set(context, PublicNames.ProviderCookie, string.Join(Entries, all.Select(Write)), maxAge: Lifetime);
    }

    private IEnumerable<BegunSignIn> Read(HttpRequest request) =>
        (cookies.Find(request, PublicNames.ProviderCookie) ?? "").Split(Entries).Select(Parse).OfType<BegunSignIn>().Take(MostSignIns);

    private static string Write(BegunSignIn begun) =>
        string.Join(Parts, begun.State.Reveal(), FlagsOf(begun), Base64Url.EncodeToString(Encoding.UTF8.GetBytes(begun.Service)));

    private static BegunSignIn? Parse(string text) =>
        text.Split(Parts) is [var state, var flags, var service] && ProviderState.TryParse(state) is { } known && Base64Url.IsValid(service)
            ? new BegunSignIn(known, Encoding.UTF8.GetString(Base64Url.DecodeFromChars(service)), flags.Contains(Pages))
            {
                Links = flags.Contains(Linking),
                PublicComputer = flags.Contains(Public),
            }
            : null;

    private static string FlagsOf(BegunSignIn begun)
    {
        (char Flag, bool IsOn)[] flags = [(Pages, begun is { OnPages: true, Links: false }), (Linking, begun.Links), (Public, begun.PublicComputer)];
        return string.Concat(flags.Where(flag => flag.IsOn).Select(flag => flag.Flag));
    }
}
