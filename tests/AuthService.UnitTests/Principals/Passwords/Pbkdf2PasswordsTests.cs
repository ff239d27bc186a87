using AuthService.Principals.Passwords;
using Xunit;

namespace AuthService.UnitTests.Principals.Passwords;

/// <summary>PBKDF2 in the formats of passlib and Django verifies their published hashes and those of Python's hashlib.</summary>
public sealed class Pbkdf2PasswordsTests
{
    /// <summary>
    /// The hashes are from passlib's documentation and tests (those with 1212 rounds), from Django's tests (the last), and from hashlib (the others).
    /// </summary>
    [Theory]
    [InlineData("password", "$pbkdf2$1212$OB.dtnSEXZK8U5cgxU/GYQ$y5LKPOplRmok7CZp/aqVDVg8zGI")]
    [InlineData("password", "$pbkdf2-sha256$1212$4vjV83LKPjQzk31VI4E0Vw$hsYF68OiOUPdDZ1Fg.fJPeq1h/gXXY7acBp9/6c.tmQ")]
    [InlineData("password", "$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44")]
    [InlineData("correct horse", "$pbkdf2-sha256$1000$.//7//v/.//7//v/.//7/w$CvkdidOLlidYTYD/DWlZEumyC3MzQ0JtgSXS3UeF6oc")]
    [InlineData("correct horse",
        "$pbkdf2-sha512$1000$yMnKy8zNzs/Q0dLT1NXW1w$4xPvOlNzcf4w83OeXLs00cDMTZ/Jcuh8hwgCDBR1y9KhNdPKjKCw1sE1hBb/KcVzJbfBhesdf0dIDnsHZEmvjw")]
    [InlineData("correct horse", "pbkdf2_sha1$1000$salt$um5PLH8ivEcrRJVasTZXh8+vxX0=")]
    [InlineData("l\u00E8tmein", "pbkdf2_sha256$260000$seasalt$YlZ2Vggtqdc61YjArZuoApoBh9JNGYoDRBUGu6tcJQo=")]
    public void Hashes_made_elsewhere_verify(string password, string hash)
    {
        Assert.True(Pbkdf2Passwords.Recognizes(hash));
        Assert.True(PasswordHashing.Recognizes(hash));
        Assert.True(Pbkdf2Passwords.Verify(Parse(password), hash));
        Assert.False(Pbkdf2Passwords.Verify(Parse(password + "x"), hash));
        Assert.False(Pbkdf2Passwords.Verify(Parse(password.ToUpperInvariant()), hash));
    }

    /// <summary>A shorter hash is weaker, and an empty one would match every password.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$")]
    [InlineData("$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODf")]
    [InlineData("$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44\n")]
    [InlineData("$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD4\u00E9")]
    [InlineData("$pbkdf2-sha256$6400$$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44")]
    [InlineData("$pbkdf2-sha256$0$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44")]
    [InlineData("$pbkdf2-sha256$-1$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44")]
    [InlineData("$pbkdf2-sha256$5000001$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44")]
    [InlineData("$pbkdf2-sha256$99999999999$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44")]
    [InlineData("$pbkdf2-md5$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44")]
    [InlineData("$pbkdf2_sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44")]
    [InlineData("pbkdf2_sha256$260000$sea$salt$YlZ2Vggtqdc61YjArZuoApoBh9JNGYoDRBUGu6tcJQo=")]
    [InlineData("pbkdf2_sha256$260000$seasalt")]
    public void Other_texts_are_none_and_match_nothing(string hash)
    {
        Assert.False(Pbkdf2Passwords.Recognizes(hash));
        Assert.False(Pbkdf2Passwords.Verify(Parse("password"), hash));
    }

    private static Password Parse(string text)
    {
        Assert.True(Password.TryParse(text, out var password), text);
        return password;
    }
}
