using System.Buffers.Text;
using System.Security.Cryptography;
using AuthService.Api.Http.Browser;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace AuthService.Api.Http;

/// <summary>Creates the response for a public document that clients may cache for some minutes.</summary>
internal static class CacheableDocument
{
    private static readonly TimeSpan MayBeCached = TimeSpan.FromMinutes(5);

    public static FileContentHttpResult Create(byte[] json, HttpContext context)
    {
        context.Response.GetTypedHeaders().CacheControl = new CacheControlHeaderValue { Public = true, MaxAge = MayBeCached };
        CrossOrigin.VaryByOrigin(context);
        var tag = new EntityTagHeaderValue($"\"{Base64Url.EncodeToString(SHA256.HashData(json))}\"");
        return TypedResults.Bytes(json, "application/json", entityTag: tag);
    }
}
