using System.Text.Json;
using System.Text.Json.Serialization;
using AuthService.Api.Account;
using AuthService.Api.Admin;
using AuthService.Api.AppTokens;
using AuthService.Api.Auth;
using AuthService.Api.Http.Input;
using AuthService.Api.OAuth;
using AuthService.Api.Pages;
using AuthService.Api.Passwords;
using AuthService.Api.Revocations;
using AuthService.Api.Sessions;
using AuthService.Api.Signals;
using AuthService.Principals;

namespace AuthService.Api;

/// <summary>Configures how all APIs read and write JSON. The types are described at compile time.</summary>
internal static class ApiJson
{
    public static void Configure(JsonSerializerOptions options)
    {
        options.NumberHandling = JsonNumberHandling.Strict;
        options.AllowDuplicateProperties = false; // members are compared as they are bound, without regard to letter case
        options.Converters.Add(new WholeNumberConverter<int>());
        options.Converters.Add(new WholeNumberConverter<long>());
        options.Converters.Add(new MomentConverter());
        options.TypeInfoResolverChain.Insert(0, AuthJson.Default);
        options.TypeInfoResolverChain.Insert(1, AdminJson.Default);
        options.TypeInfoResolverChain.Insert(2, OAuthJson.Default);
        options.TypeInfoResolverChain.Insert(3, AccountJson.Default);
        options.TypeInfoResolverChain.Insert(4, SessionJson.Default);
        options.TypeInfoResolverChain.Insert(5, AppTokenJson.Default);
        options.TypeInfoResolverChain.Insert(6, PageJson.Default);
        options.TypeInfoResolverChain.Insert(7, PasswordJson.Default);
        options.TypeInfoResolverChain.Insert(8, RevocationJson.Default);
        options.TypeInfoResolverChain.Insert(9, SignalJson.Default);
    }
}
